import type { Script } from "./scripts";
import { SCRIPTS } from "./scripts";

/** The assumed count of a family of models until it has reported: its tokens per token of `o200k`. */
interface Family {
  models: RegExp;
  weights: Partial<Record<Script, number>>;
  /** The tokens of a request in addition to its texts: how tools are described to the model. */
  overhead: number;
}

/**
 * Anthropic has published no tokenizer since its first one, which needs up to six times as many tokens as `o200k` for a
 * script that it knows badly. The assumption is the middle between the two, by ratio.
 */
const FAMILIES: readonly Family[] = [
  {
    models: /claude/,
    weights: {
      ascii: 1.1,
      latin: 1.25,
      cyrillic: 1.35,
      greek: 1.7,
      hebrew: 1.55,
      arabic: 1.65,
      indic: 2.1,
      southeast: 2.15,
      han: 1.15,
      kana: 1.15,
      hangul: 1.35,
      other: 1.2,
    },
    overhead: 350,
  },
];

/** The uncertainty of the assumption: the standard deviations of a weight and of the overhead. */
const WEIGHT_DEVIATION = { ascii: 0.1, others: 0.5 };
const OVERHEAD_DEVIATION = 150;
/** How far a bill can be off for other reasons: a share of it, and a few tokens for the marks between messages. */
const BILL_DEVIATION = { share: 0.01, tokens: 5 };
/** No model needs fewer or more tokens than this per token of `o200k`. */
const LIMITS = { least: 0.4, most: 8 };
/**
 * A smaller change of a weight does not justify cutting a long text elsewhere, which would miss the model's prompt
 * cache.
 */
const WORTH_TELLING = 0.02;

/**
 * Learns how one model counts from what it has billed, by recursive least squares that begin with the assumption for
 * its family. Weights are the model's tokens per token of the vocabulary, by script.
 */
export class Calibration {
  /** The weights, followed by the overhead. */
  readonly #mean: number[];
  /** The uncertainty of the means, and how they depend on each other. */
  readonly #covariance: number[][];
  readonly #told: number[];

  constructor(model: string) {
    const family = FAMILIES.find(({ models }) => models.test(model));
    const weights = SCRIPTS.map((script) => family?.weights[script] ?? 1);
    this.#mean = [...weights, family?.overhead ?? 0];
    this.#told = weights;
    const deviations = [
      ...weights.map((weight, at) => (at === 0 ? WEIGHT_DEVIATION.ascii : weight * WEIGHT_DEVIATION.others)),
      OVERHEAD_DEVIATION,
    ];
    this.#covariance = deviations.map((deviation, row) =>
      deviations.map((_, column) => (row === column ? deviation ** 2 : 0)),
    );
  }

  /** The weights by script. They change by at least 2 % or not at all. */
  get weights(): readonly number[] {
    return this.#told;
  }

  /**
   * Learns from what the model has billed for texts with this many tokens per script.
   *
   * @param requests 1 for a whole request; 0 if the bill does not include the overhead of a request
   */
  learn(tokens: ArrayLike<number>, billed: number, requests: 0 | 1): void {
    const given = [...Array.from(tokens), requests];
    const spread = this.#covariance.map((row) => dot(row, given));
    const noise = (billed * BILL_DEVIATION.share) ** 2 + BILL_DEVIATION.tokens ** 2;
    const scale = dot(spread, given) + noise;
    const surprise = billed - dot(this.#mean, given);
    for (const [row, covariances] of this.#covariance.entries()) {
      const gain = (spread[row] ?? 0) / scale;
      this.#mean[row] = (this.#mean[row] ?? 0) + gain * surprise;
      for (const column of covariances.keys()) {
        covariances[column] = (covariances[column] ?? 0) - gain * (spread[column] ?? 0);
      }
    }
    for (const [at, told] of this.#told.entries()) {
      const weight = Math.min(LIMITS.most, Math.max(LIMITS.least, this.#mean[at] ?? told));
      if (Math.abs(weight / told - 1) > WORTH_TELLING) this.#told[at] = weight;
    }
  }
}

function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
