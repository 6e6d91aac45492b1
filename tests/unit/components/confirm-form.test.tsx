import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ConfirmForm } from "@/components/sign-in/forms";
import { en } from "@/components/words/en";
import { WordsProvider } from "@/components/words/words";

/** The text of the form that follows the link of a mail. */
function textFor(signedInAs: string | null): string {
  const html = renderToStaticMarkup(
    <WordsProvider language="en" words={en}>
      <ConfirmForm action={async () => null} link={{ tokenHash: "hash" }} signedInAs={signedInAs} />
    </WordsProvider>,
  );
  return html.replaceAll(/<script>.*?<\/script>|<[^>]*>/gs, "");
}

it("says before the button that somebody is signed in, because the link may lead into another account", () => {
  expect(textFor("noa@example.com")).toMatch(/^You are signed in as noa@example\.com in this browser.*Continue$/);
});

it("says nothing of an account where nobody is signed in", () => {
  expect(textFor(null)).toBe("Continue");
});
