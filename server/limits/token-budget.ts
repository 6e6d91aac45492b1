import { LRUCache } from "lru-cache";
import type { Clock } from "@/server/clock";
import type { TokenUsage } from "@/server/model/token-usage";
import type { LimiterMetrics } from "./metrics";

/** One paid call of the model. */
export interface PaidCall {
  /** Made by the caller, so that a call that is reported twice counts once. */
  id: string;
  tokens: number;
}

/** Keeps the count of one person for all processes. */
export interface TokenLedger {
  /** Adds calls to a day (`2026-11-25`), and returns the sum of that day. */
  add(day: string, calls: readonly PaidCall[]): Promise<number>;
}

export type BudgetAdmission = { admitted: true } | { admitted: false; perDay: number; goesOnAt: number };

/** The tokens that a person has used today, and how many they may use. Times are in milliseconds since the epoch. */
export interface TokensToday {
  used: number;
  /** Null if there is no limit. */
  perDay: number | null;
  /** When the next day begins. */
  goesOnAt: number;
}

export interface TokenBudgetOptions {
  /** 0: no limit. */
  perDay: number;
  clock: Pick<Clock, "now">;
  metrics: Pick<LimiterMetrics, "budgetDecisions">;
}

/** What this process knows about one person on one day. */
interface Account {
  day: string;
  /** The ledger's last known sum. */
  counted: number;
  askedAt: number;
  /** Calls that the ledger may not have received. */
  unreported: PaidCall[];
}

const DAY_MS = 24 * 60 * 60_000;
/** How long the ledger's sum is used for a person who has most of their tokens left, in milliseconds. */
const KNOWN_FOR_MS = 60_000;
/** How many people a process remembers. */
const REMEMBERED = 10_000;

/**
 * The weights of tokens, in tokens of input: the ratio of their prices, which is the same for all of Anthropic's
 * models.
 */
const WEIGHTS: Record<keyof TokenUsage, number> = {
  inputTokens: 1,
  outputTokens: 5,
  cacheReadTokens: 0.1,
  cacheWriteTokens: 1.25,
};

/** How much of the budget a call uses. */
export function weighTokens(usage: TokenUsage): number {
  const kinds = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens"] as const;
  return Math.ceil(kinds.reduce((sum, kind) => sum + usage[kind] * WEIGHTS[kind], 0));
}

/**
 * Limits how many tokens each person may use in a day of UTC. The ledger counts for all processes. Calls that could not
 * be reported count in this process and are reported with the next call. A person who has used less than half, by a sum
 * less than a minute old, does not wait for the ledger. A call is counted when it ends, so the budget can be exceeded
 * only by the calls that were running when it was reached.
 */
export class TokenBudget {
  readonly #accounts = new LRUCache<string, Account>({ max: REMEMBERED });

  constructor(private readonly options: TokenBudgetOptions) {}

  /**
   * Whether the model may be called.
   * @throws what the ledger throws, because an unknown budget does not count as free.
   */
  async admit(userId: string, ledger: TokenLedger): Promise<BudgetAdmission> {
    const { perDay, clock, metrics } = this.options;
    if (perDay === 0) return { admitted: true };
    const account = this.#accountOf(userId);
    const known = clock.now() - account.askedAt < KNOWN_FOR_MS;
    if (!known || usedOf(account) >= perDay / 2) await this.#report(account, ledger);
    const admitted = usedOf(account) < perDay;
    metrics.budgetDecisions.add(1, { decision: admitted ? "admitted" : "refused" });
    return admitted ? { admitted } : { admitted, perDay, goesOnAt: this.#nextDay() };
  }

  /** Counts a call that has ended: in this process at once, and in the ledger when this resolves. */
  async spend(userId: string, ledger: TokenLedger, usage: TokenUsage): Promise<void> {
    const account = this.#accountOf(userId);
    account.unreported.push({ id: crypto.randomUUID(), tokens: weighTokens(usage) });
    await this.#report(account, ledger);
  }

  /** @throws what the ledger throws. */
  async today(userId: string, ledger: TokenLedger): Promise<TokensToday> {
    const account = this.#accountOf(userId);
    await this.#report(account, ledger);
    const { perDay } = this.options;
    return { used: usedOf(account), perDay: perDay === 0 ? null : perDay, goesOnAt: this.#nextDay() };
  }

  /** Reports the unreported calls to the ledger, and learns the sum of all processes. */
  async #report(account: Account, ledger: TokenLedger): Promise<void> {
    const calls = [...account.unreported];
    const sum = await ledger.add(account.day, calls);
    account.unreported = account.unreported.filter((call) => !calls.includes(call));
    // Sums only grow, and an earlier one may arrive later.
    account.counted = Math.max(account.counted, sum);
    account.askedAt = this.options.clock.now();
  }

  #accountOf(userId: string): Account {
    const day = new Date(this.options.clock.now()).toISOString().slice(0, 10);
    const known = this.#accounts.get(userId);
    if (known?.day === day) return known;
    const account: Account = { day, counted: 0, askedAt: Number.NEGATIVE_INFINITY, unreported: [] };
    this.#accounts.set(userId, account);
    return account;
  }

  #nextDay(): number {
    return (Math.floor(this.options.clock.now() / DAY_MS) + 1) * DAY_MS;
  }
}

function usedOf({ counted, unreported }: Account): number {
  return unreported.reduce((sum, { tokens }) => sum + tokens, counted);
}
