import { LRUCache } from "lru-cache";
import type { Clock } from "@/server/clock";
import type { TokenUsage } from "@/server/model/token-usage";
import type { LimiterMetrics } from "./metrics";

/** One paid call of the model. */
export interface PaidCall {
  /** Made by whoever paid, so that a call that is told of twice counts once. */
  id: string;
  tokens: number;
}

/** Keeps what one person has used, for all processes. */
export interface TokenLedger {
  /** Adds calls to a day (`2026-11-25`), and answers with the sum of that day. */
  add(day: string, calls: readonly PaidCall[]): Promise<number>;
}

export type BudgetAdmission = { admitted: true } | { admitted: false; perDay: number; goesOnAt: number };

/** Tokens that a person has used today, of how many; times in milliseconds since the epoch. */
export interface TokensToday {
  used: number;
  /** Null where there is no limit. */
  perDay: number | null;
  /** When the next day's begin. */
  goesOnAt: number;
}

export interface TokenBudgetOptions {
  /** 0: no limit. */
  perDay: number;
  clock: Pick<Clock, "now">;
  metrics: Pick<LimiterMetrics, "budgetDecisions">;
}

/** What this process knows of one person on one day. */
interface Account {
  day: string;
  /** The ledger's sum when it was asked last. */
  counted: number;
  askedAt: number;
  /** Calls that the ledger is not known to have. */
  unreported: PaidCall[];
}

const DAY_MS = 24 * 60 * 60_000;
/** How long the ledger's sum is good enough for somebody who has most of their tokens left. */
const KNOWN_FOR_MS = 60_000;
/** How many people a process remembers. */
const REMEMBERED = 10_000;

/**
 * What tokens weigh, in tokens of input: the ratio of their prices, which is the same for all of Anthropic's models. Output
 * is dear, and what the model's own cache held is cheap.
 */
const WEIGHTS: Record<keyof TokenUsage, number> = {
  inputTokens: 1,
  outputTokens: 5,
  cacheReadTokens: 0.1,
  cacheWriteTokens: 1.25,
};

/** What a call takes of the budget. */
export function weighTokens(usage: TokenUsage): number {
  const kinds = ["inputTokens", "outputTokens", "cacheReadTokens", "cacheWriteTokens"] as const;
  return Math.ceil(kinds.reduce((sum, kind) => sum + usage[kind] * WEIGHTS[kind], 0));
}

/**
 * Limits how many tokens each person may use in a day of UTC. The ledger counts for all processes; what it could not be told
 * yet counts in this one, and is told with the next call. Somebody who has used less than half, by a sum that is less than a
 * minute old, does not wait for the ledger. A call is counted when it ends, so the budget is passed by no more than the calls
 * that were under way when it was reached.
 */
export class TokenBudget {
  readonly #accounts = new LRUCache<string, Account>({ max: REMEMBERED });

  constructor(private readonly options: TokenBudgetOptions) {}

  /**
   * Whether the model may be called.
   * @throws what the ledger throws: a budget that is not known is not taken for an open one.
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

  /** Counts a call that has ended: here at once, and in the ledger when this resolves. */
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

  /** Tells the ledger what it does not have, and learns what the others have told it. */
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
