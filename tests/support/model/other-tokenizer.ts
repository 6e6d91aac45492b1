import { getTokenizer } from "@anthropic-ai/tokenizer";

const tokenizer = getTokenizer();

/** Tokens as another model counts them: by the last vocabulary that Anthropic published. */
export function countByOtherModel(text: string): number {
  return tokenizer.encode(text.normalize("NFKC"), "all").length;
}
