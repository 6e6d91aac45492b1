import { describe, expect, it } from "vitest";
import { HOME, safeReturnPath, signInPath } from "@/components/sign-in/return-path";

describe("safeReturnPath", () => {
  it.each(["/clarify", "/clarify/abc?x=1", "/insights"])("keeps %s", (path) => {
    expect(safeReturnPath(path)).toBe(path);
  });

  it.each([
    undefined,
    null,
    ["/clarify", "/other"],
    "",
    "clarify",
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "/..//evil.example",
    "javascript:alert(1)",
    "/sign-in?next=/sign-in",
  ])("turns %j into home", (next) => {
    expect(safeReturnPath(next)).toBe(HOME);
  });
});

describe("signInPath", () => {
  it("carries the path to return to, unless it is the default", () => {
    expect(signInPath("/clarify")).toBe("/sign-in");
    expect(signInPath("/clarify/a?b=c")).toBe("/sign-in?next=%2Fclarify%2Fa%3Fb%3Dc");
    expect(signInPath("/clarify", "sign-up")).toBe("/sign-in?mode=sign-up");
  });
});
