import { describe, expect, it } from "vitest";
import { speaksOfCrisis } from "@/server/safety/crisis-words";
import { CRISIS, HARMLESS } from "./crisis-corpus";

describe("words of a crisis", () => {
  it.each(CRISIS)("are found: %s", (text) => expect(speaksOfCrisis(text)).toBe(true));

  it.each(HARMLESS)("are told from harmless ones: %s", (text) => expect(speaksOfCrisis(text)).toBe(false));

  it("are found anywhere in a message, in capitals, and with every kind of apostrophe", () => {
    for (const mark of ["'", "’", "‘", "`", "´"]) {
      expect(speaksOfCrisis(`The day was fine. I don${mark}t want to live.\nAnd yours?`)).toBe(true);
    }
    for (const text of CRISIS) expect([text, speaksOfCrisis(text.toUpperCase())]).toEqual([text, true]);
  });

  it("have at least sixty examples of each kind", () => {
    expect(new Set(CRISIS).size).toBeGreaterThanOrEqual(60);
    expect(new Set(HARMLESS).size).toBeGreaterThanOrEqual(60);
  });

  it("take little time to look for, also in a huge message that was made to be slow", () => {
    const slow = ["i want to ", "i just ", "if i died no one ", "אני לא רוצה ", '"'].map((part) => part.repeat(2_000));
    const begun = performance.now();
    for (const text of slow) speaksOfCrisis(text);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
