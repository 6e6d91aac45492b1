import { expect, it } from "vitest";
import { aboutReflection } from "@/components/reflections/about-reflection";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import { createSpeech } from "@/components/words/speech";

const reflection = {
  id: "1",
  content: "Stood in the empty room again. It was cold.",
  tone: null,
  dreamId: null,
  paused: false,
  createdAt: "2026-11-21T23:30:00.000Z",
  updatedAt: "2026-11-21T23:30:00.000Z",
};

it("names a reflection by its day in the reader's zone and its first sentence", () => {
  expect(aboutReflection(reflection, createSpeech("en", en), "UTC")).toBe(
    "I'd like to talk about what I wrote on 21 November 2026: “Stood in the empty room again” ",
  );
  expect(aboutReflection(reflection, createSpeech("he", he), "Asia/Jerusalem")).toContain("22 בנובמבר 2026");
});
