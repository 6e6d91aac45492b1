import type { TokenKind } from "@/server/model/metrics";

export const TOKEN_WORDS: Record<TokenKind, string> = {
  cache_read: "input from its cache",
  cache_write: "input into its cache",
  input: "other input",
  output: "output",
};
