import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { OthersStay } from "@/components/sign-in/forms";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { WordsProvider } from "@/components/words/words";

it.each([
  ["en", en],
  ["he", he],
] as const)(
  "says in %s that other devices stay signed in, with a way to try again and one to go on",
  (language, words) => {
    const html = renderToStaticMarkup(
      <WordsProvider language={language} words={words}>
        <OthersStay action={async () => null} />
      </WordsProvider>,
    );
    expect(html).toContain(`role="alert"`);
    expect(html).toContain(words.signIn.choose.othersStay);
    expect(html).toMatch(new RegExp(`<button type="submit"[^>]*>${words.common.tryAgain}</button>`));
    expect(html).toMatch(new RegExp(`<a [^>]*href="/clarify"[^>]*>${words.signIn.choose.goOn}</a>`));
  },
);
