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
  /** Texts that come back with other messages, line by line: instructions, tools, the context. */
  standing: readonly string[];
  /** The messages of the person and of the model. */
  said: readonly string[];
}

export interface TokenCounterOptions {
  /** The model whose tokens are counted. */
  model: string;
  /** The size of the memory of counts, in bytes, for lines and for messages each. Default: 1 MB. */
  memoryBytes?: number;
  /** Default: the published one, from its package. */
  vocabulary?: () => Promise<CountByScript>;
}

/** The size of a remembered count in addition to its key, in bytes: the tokens by script, and its place in the map. */
const COUNT_BYTES = 300;
const DIGEST_BYTES = 60;

/**
 * Counts tokens as the model does: those of a published vocabulary, weighted by what the model has billed. Until the
 * vocabulary is loaded it estimates. Its memory is bounded in bytes, and holds only digests of messages.
 */
export class TokenCounter {
  /** The model whose tokens are counted. */
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

  /** Tokens of a message. */
  readonly countMessage: CountTokens = (message) => this.#weighted(this.#messageByScript(message));

  /** How much memory the remembered lines take, in bytes. */
  get lineBytes(): number {
    return this.#lines.calculatedSize;
  }

  /**
   * Loads the vocabulary in slices, behind other work. Every call returns the same promise.
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

  /**
   * Learns from a bill: the input tokens of one request with these texts, including those from the model's prompt
   * cache.
   */
  learn({ standing, said }: PromptTexts, billedTokens: number): void {
    // An estimate shows nothing about the model.
    if (this.#countByScript === estimateByScript || billedTokens <= 0) return;
    const lines = standing.flatMap((text) => text.split(/(?<=\n)/));
    const tokens = sumOf([
      ...lines.map((line) => this.#lineByScript(line)),
      ...said.map((text) => this.#messageByScript(text)),
    ]);
    this.#calibration.learn(tokens, billedTokens, 1);
  }

  /** Learns from the model's count of a single text. */
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

/** The estimate, as if the whole text were in its first script outside ASCII. */
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
