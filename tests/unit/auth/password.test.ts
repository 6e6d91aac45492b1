import { describe, expect, it } from "vitest";
import { passwordProblem } from "@/server/auth/password";

const EMAIL = "Noa.Levin@example.com";

describe("passwordProblem", () => {
  it.each(["a-long-password", "wheel-and-water", "קדר בגן הפסלים", "7d3f-40c1-9a", "noa likes clay", "correct horse"])(
    "takes %j",
    (password) => {
      expect(passwordProblem(password, EMAIL)).toBeNull();
    },
  );

  it.each([
    ["", "passwordShort"],
    ["1234567", "passwordShort"],
    // An emoji is one character, though it is two of JavaScript's.
    ["🏺🏺🏺🏺🏺🏺🏺", "passwordShort"],
    ["x".repeat(73), "passwordLong"],
    ["קדרות ".repeat(8), "passwordLong"],
    ["password", "passwordCommon"],
    ["PassWord", "passwordCommon"],
    ["Password2026!", "passwordCommon"],
    ["sunshine1", "passwordCommon"],
    ["qwertyuiop", "passwordCommon"],
    ["12345678", "passwordCommon"],
    ["1234567890", "passwordCommon"],
    ["87654321", "passwordCommon"],
    ["abcdefgh", "passwordCommon"],
    ["aaaaaaaa", "passwordCommon"],
    ["abababab", "passwordCommon"],
    ["noa.levin@example.com", "passwordIsAddress"],
    ["my noa.levin@example.com", "passwordIsAddress"],
    ["noa.levin", "passwordIsAddress"],
    ["Noa.Levin1!", "passwordIsAddress"],
  ])("refuses %j: %s", (password, problem) => {
    expect(passwordProblem(password, EMAIL)).toBe(problem);
  });
});
