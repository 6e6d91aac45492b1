import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { technicalTerms } from "../../support/technical-terms";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** What is shown behind *Technical*, to operators, or to whoever runs the app on their own machine. */
const BEHIND_TECHNICAL = new Set(
  [
    ...["room", "tokensOf", "tokensUsed", "tokensUnit", "tokens", "copy", "read", "lastReply", "fromMemory"],
    ...["underOneMs", "ms", "seconds", "sources"],
  ].map((name) => `inspector.${name}`),
);
const FOR_OPERATORS = new Set(["account.insights", "account.procedures", "mails"]);

function sentences(words: unknown, path: readonly string[] = []): [path: string, sentence: string][] {
  const here = path.join(".");
  if (BEHIND_TECHNICAL.has(here) || FOR_OPERATORS.has(here)) return [];
  if (typeof words === "string") return [[here, words.replace(/\{\w+\}/g, "")]];
  if (typeof words !== "object" || words === null) return [];
  return Object.entries(words).flatMap(([key, entry]) => sentences(entry, [...path, key]));
}

describe.each([
  ["English", en],
  ["Hebrew", he],
])("the %s interface", (_language, words) => {
  it("speaks of nothing technical to somebody who only wants to talk", () => {
    const found = sentences(words).map(([path, sentence]) => [path, technicalTerms(sentence)]);
    expect(found.filter(([, terms]) => terms?.length !== 0)).toEqual([]);
    expect(found.length).toBeGreaterThan(300);
  });
});

/** Refuses what no page sends, so its messages are for programs. */
const FOR_PROGRAMS = "server/trpc/http-handler.ts";

/** The source files with messages of errors that reach the person unchanged, without their comments and descriptions. */
const withPublicMessages = globSync("server/**/*.ts", { cwd: root, exclude: [FOR_PROGRAMS] })
  .map((file) => ({ file, source: readFileSync(`${root}/${file}`, "utf8") }))
  .filter(({ source }) => /PublicError|LimitError|NOT_FOUND/.test(source))
  .map(({ file, source }) => ({
    file,
    source: source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\.meta\(\{[\s\S]*?\}\)/gm, ""),
  }));

it("says nothing technical in an error that reaches the person", () => {
  const messages = withPublicMessages.flatMap(({ file, source }) =>
    [...source.matchAll(/["`]([A-Z][^"`\n]* [^"`\n]*[.;])["`]/g)].map(([, message = ""]) => ({
      file,
      message: message.replace(/\$\{.*?\}/g, ""),
    })),
  );
  expect(messages.length).toBeGreaterThan(15);
  expect(messages.filter(({ message }) => technicalTerms(message).length > 0)).toEqual([]);
});
