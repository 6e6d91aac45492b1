import { describe, expect, it } from "vitest";
import { CRISIS_LINES, lineFor, linesFor } from "@/server/safety/crisis-lines";

describe("the crisis line of a place", () => {
  it.each([
    [{ timeZone: "Asia/Jerusalem", languages: ["en-US"] }, "IL"],
    [{ timeZone: "America/New_York", languages: ["he"] }, "US"],
    [{ timeZone: "Europe/London", languages: [] }, "GB"],
    [{ timeZone: "Australia/Perth", languages: [] }, "AU"],
    [{ timeZone: "Asia/Tokyo", languages: ["de-CH", "en-GB"] }, "CH"],
    [{ languages: ["en", "he"] }, "IL"],
    [{ languages: ["en"] }, undefined],
    [{ timeZone: "Asia/Tokyo", languages: ["ja-JP"] }, undefined],
  ])("is that of the time zone, or of the languages: %o", (place, country) => {
    expect(lineFor(place)?.country).toBe(country);
  });

  it("is the first of all lines", () => {
    const lines = linesFor({ timeZone: "Europe/Zurich", languages: [] });
    expect(lines[0]?.country).toBe("CH");
    expect(new Set(lines)).toEqual(new Set(CRISIS_LINES));
  });
});
