import { describe, expect, it } from "vitest";
import {
  FIRST_CONVERSATION,
  firstPath,
  HOME,
  returnPathOf,
  safeReturnPath,
  signInNotice,
  signInPath,
} from "@/components/sign-in/return-path";

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
    "/sign-in",
    "/auth/callback?code=a",
    "/api/sign-out",
  ])("turns %j into home", (next) => {
    expect(safeReturnPath(next)).toBe(HOME);
  });
});

describe("returnPathOf", () => {
  it.each([
    ["https://clarify.example/auth/callback?next=%2Fdreams%3Fa%3Db", "/dreams?a=b"],
    ["https://evil.example/?next=/dreams", "/dreams"],
    ["https://clarify.example/auth/callback?next=https://evil.example", HOME],
    ["https://clarify.example/auth/callback?next=//evil.example", HOME],
    ["https://clarify.example", HOME],
    ["/dreams", HOME],
    [undefined, HOME],
  ])("of %j is %s", (redirectTo, path) => {
    expect(returnPathOf(redirectTo)).toBe(path);
  });
});

describe("signInPath", () => {
  it("carries the path to return to, unless it is the default", () => {
    expect(signInPath("/clarify")).toBe("/sign-in");
    expect(signInPath("/clarify/a?b=c")).toBe("/sign-in?next=%2Fclarify%2Fa%3Fb%3Dc");
    expect(signInPath("/clarify", "sign-up")).toBe("/sign-in?mode=sign-up");
    expect(signInPath("/dreams", "reset")).toBe("/sign-in?mode=reset&next=%2Fdreams");
    expect(signInNotice("removed")).toBe("/sign-in?notice=removed");
  });
});

describe("firstPath", () => {
  it("leads from a new account into a first conversation, unless the person was going elsewhere", () => {
    expect(firstPath(null)).toBe(FIRST_CONVERSATION);
    expect(firstPath(HOME)).toBe(FIRST_CONVERSATION);
    expect(firstPath("https://evil.example")).toBe(FIRST_CONVERSATION);
    expect(firstPath("/dreams")).toBe("/dreams");
    expect(returnPathOf(`https://clarify.example/auth/confirm?next=${encodeURIComponent(FIRST_CONVERSATION)}`)).toBe(
      FIRST_CONVERSATION,
    );
  });
});
