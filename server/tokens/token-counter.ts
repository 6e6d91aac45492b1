import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { CountTokens } from "@/server/context/tokens";
import { estimateTokens } from "@/server/context/tokens";
import { Calibration } from "./calibration";
import { SCRIPTS, scriptOf } from "./scripts";
import type { CountByScript, TokensByScript } from "./vocabulary";
import { loadVocabulary } from "./vocabulary";

/** The texts of one request to the model. */
export interface PromptTexts {
  /** What comes back with other messages, line by line: instructions, tools, the context. */
  standing: readonly string[];
  /** What people and the model said. */
  said: readonly string[];
}

export interface TokenCounterOptions {
  /** Whose tokens are counted. */
  model: string;
  /** What the memory of counts may take, for lines and for messages each. Default: 1 MB. */
  memoryBytes?: number;
  /** Default: the published one, from its package. */
  vocabulary?: () => Promise<CountByScript>;
}

/** What a remembered count takes beside its key: the tokens by writing, and their place in the map. */
const COUNT_BYTES = 300;
const DIGEST_BYTES = 60;

/**
 * Counts tokens as the model does: those of a published vocabulary, weighted by what the model has billed. Until the
 * vocabulary is there it estimates. What it remembers is bounded in bytes; of messages it remembers digests only.
 */
export class TokenCounter {
  /** Whose tokens are counted. */
  readonly model: string;
  readonly #calibration: Calibration;
  readonly #lines: LRUCache<string, TokensByScript>;
  readonly #messages: LRUCache<string, TokensByScript>;
  readonly #vocabulary: () => Promise<CountByScript>;
  #countByScript: CountByScript = estimateByScript;
  #loading: Promise<void> | undefined;

  constructor({ model, memoryBytes = 1_000_000, vocabulary = loadVocabulary }: TokenCounterOptions) {
    this.model = model;
    this.#vocabulary = vocabulary;
    this.#calibration = new Calibration(model);
    this.#lines = new LRUCache({ maxSize: memoryBytes, sizeCalculation: (_, line) => line.length * 2 + COUNT_BYTES });
    this.#messages = new LRUCache({ max: Math.ceil(memoryBytes / (COUNT_BYTES + DIGEST_BYTES)) });
  }

  /** Tokens of a line that comes back with every message, such as one of the context. */
  readonly countLine: CountTokens = (line) => this.#weighted(this.#lineByScript(line));

  /** Tokens of what somebody said. */
  readonly countMessage: CountTokens = (message) => this.#weighted(this.#messageByScript(message));

  /** How much memory the remembered lines take, in bytes. */
  get lineBytes(): number {
    return this.#lines.calculatedSize;
  }

  /**
   * Reads the vocabulary, in slices, behind whatever else there is to do. The same promise for every call.
   * @throws when it cannot be read; estimates are used then.
   */
  load(): Promise<void> {
    this.#loading ??= this.#vocabulary().then((countByScript) => {
      this.#countByScript = countByScript;
      this.#lines.clear();
      this.#messages.clear();
    });
    return this.#loading;
  }

  /** Learns from a bill: the input tokens of one request with these texts, those of the model's prompt cache included. */
  learn({ standing, said }: PromptTexts, billedTokens: number): void {
    // What was estimated says nothing about the model.
    if (this.#countByScript === estimateByScript || billedTokens <= 0) return;
    const lines = standing.flatMap((text) => text.split(/(?<=\n)/));
    const tokens = sumOf([
      ...lines.map((line) => this.#lineByScript(line)),
      ...said.map((text) => this.#messageByScript(text)),
    ]);
    this.#calibration.learn(tokens, billedTokens, 1);
  }

  /** Learns from what the model counts in a text alone. */
  learnSample(text: string, tokens: number): void {
    if (this.#countByScript !== estimateByScript) this.#calibration.learn(this.#countByScript(text), tokens, 0);
  }

  #weighted(tokens: TokensByScript): number {
    const { weights } = this.#calibration;
    let sum = 0;
    for (let script = 0; script < SCRIPTS.length; script += 1) sum += (tokens[script] ?? 0) * (weights[script] ?? 1);
    return Math.round(sum);
  }

  #lineByScript(line: string): TokensByScript {
    return remembered(this.#lines, line, () => this.#countByScript(line));
  }

  #messageByScript(message: string): TokensByScript {
    return remembered(this.#messages, hash("sha1", message, "base64"), () => this.#countByScript(message));
  }
}

function remembered(known: LRUCache<string, TokensByScript>, key: string, count: () => TokensByScript): TokensByScript {
  const held = known.get(key);
  if (held !== undefined) return held;
  const counted = count();
  known.set(key, counted);
  return counted;
}

/** The estimate, as if all of it were in the first writing that is not ASCII. */
const estimateByScript: CountByScript = (text) => {
  const tokens = new Float64Array(SCRIPTS.length);
  tokens[scriptOf(text)] = estimateTokens(text);
  return tokens;
};

function sumOf(counts: readonly TokensByScript[]): TokensByScript {
  const sum = new Float64Array(SCRIPTS.length);
  for (const counted of counts) {
    for (const [script, tokens] of counted.entries()) sum[script] = (sum[script] ?? 0) + tokens;
  }
  return sum;
}
