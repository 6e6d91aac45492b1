import { expect, it } from "vitest";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { offlineTitle } from "@/server/conversation/offline-title";

it.each([
  [["I think of the sea. It is far."], "I think of the sea"],
  [["Hello!", "I might ask for six months off."], "I might ask for six months off"],
  [["Hi, I am torn about the leave."], "I am torn about the leave"],
  [["שלום", "אני רוצה לבקש חצי שנה."], "אני רוצה לבקש חצי שנה"],
  [["Sea"], "Sea"],
  [["Hello"], ""],
  [["Higher pay, or time"], "Higher pay, or time"],
])("of %j it makes %j", (messages, title) => {
  expect(offlineTitle(messages)).toBe(title);
});

it.each([...en.conversation.beginnings, ...he.conversation.beginnings])(
  "leaves out the beginning %j of the pages",
  (begun) => {
    expect(offlineTitle([`${begun}the sea and my father.`])).toBe("The sea and my father");
  },
);

it("leaves out what names a dream in the first message about it", () => {
  expect(offlineTitle([`${en.dreams.talkWords.replace("{title}", "Sail")}`])).toBe("“Sail”");
  expect(offlineTitle([`${he.dreams.talkWords.replace("{title}", "לשוט")}`])).toBe("”לשוט”");
});
