/** What a run can find. Every check has a case in tests/unit/chaos that it finds. */
export const CHECKS = [
  "an acknowledged write is missing",
  "a message is stored twice",
  "a message is answered twice",
  "a reply that was shown as complete is missing",
  "a context is older than an acknowledged write",
  "an answer is no clean refusal",
  "an answer is late",
  "a message stays unanswered after healing",
  "figures stay bad after healing",
  "a process has ended",
  "memory grows",
] as const;

export type Check = (typeof CHECKS)[number];

export interface Finding {
  check: Check;
  what: string;
}

/** Collects what a run finds. The same finding is kept once. */
export class Findings {
  readonly #found = new Map<string, Finding>();
  readonly #report: (finding: Finding) => void;

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  get all(): readonly Finding[] {
    return [...this.#found.values()];
  }

  add(check: Check, what: string): void {
    const key = `${check}: ${what}`;
    if (this.#found.has(key)) return;
    const finding = { check, what };
    this.#found.set(key, finding);
    this.#report(finding);
  }
}

/** The text of an item, or `null` where there is none. */
export type State = string | null;

/** What can be stored of an item: after a write whose answer did not come, what was before it and what it writes. */
export class Item {
  #possible: ReadonlySet<State> = new Set([null]);
  /** When its last write began, in milliseconds of the run. */
  writtenAt = 0;

  constructor(readonly id: string) {}

  get possible(): ReadonlySet<State> {
    return this.#possible;
  }

  /** The only possible state; undefined while there are several. */
  get certain(): State | undefined {
    const [first, ...others] = this.#possible;
    return others.length === 0 ? first : undefined;
  }

  mayBe(state: State): void {
    this.#possible = new Set([...this.#possible, state]);
  }

  is(state: State): void {
    this.#possible = new Set([state]);
  }
}

/** The items whose stored state is none of the possible ones. */
export function differing(items: Iterable<Item>, stored: ReadonlyMap<string, string>): string[] {
  return [...items].flatMap(({ id, possible }) => {
    const state = stored.get(id) ?? null;
    return possible.has(state) ? [] : [`${id} is ${show(state)} instead of ${[...possible].map(show).join(" or ")}`];
  });
}

const show = (state: State) => (state === null ? "not there" : JSON.stringify(state));

/** A message as its person knows it. */
export interface SaidMessage {
  id: string;
  content: string;
  /** Whether anything showed them that it is stored. */
  acknowledged: boolean;
  /** The reply that they were shown as complete. */
  complete: { id: string; content: string } | null;
}

export interface StoredMessage {
  id: string;
  role: string;
  content: string;
  replyTo: string | null;
}

/** Compares the stored messages of a conversation with what its person was told. */
export function checkConversation(
  said: readonly SaidMessage[],
  stored: readonly StoredMessage[],
  findings: Pick<Findings, "add">,
): void {
  const own = stored.filter(({ role }) => role === "user");
  const replies = stored.filter(({ role }) => role === "assistant");
  for (const message of said) {
    const same = own.filter(({ content }) => content === message.content);
    if (message.acknowledged && !same.some(({ id }) => id === message.id)) {
      findings.add("an acknowledged write is missing", `message ${message.id}`);
    }
    if (same.length > 1) findings.add("a message is stored twice", `message ${message.id}`);
    const answers = replies.filter(({ replyTo }) => replyTo === message.id);
    if (answers.length > 1) findings.add("a message is answered twice", `message ${message.id}`);
    const { complete } = message;
    if (complete === null) continue;
    if (!answers.some(({ id, content }) => id === complete.id && content === complete.content)) {
      findings.add("a reply that was shown as complete is missing", `reply ${complete.id} to ${message.id}`);
    }
  }
}

/** How the system answers, in milliseconds; failures are requests without their answer. */
export interface Figures {
  p95: number;
  failures: number;
}

/**
 * Whether it answers about as it did before the first fault.
 * @param busy whether something else keeps the machine busy, so that times say nothing
 */
export function areNormal(now: Figures, before: Figures, { busy }: { busy: boolean }): boolean {
  return now.failures === 0 && (busy || now.p95 <= Math.max(before.p95 * 4, before.p95 + 150));
}

/** How many samples a long run has. A shorter one is all warming up. */
const SAMPLES_OF_A_LONG_RUN = 100;

/**
 * Whether memory has grown from the second quarter of a run to its last by more than a garbage collector explains: in a
 * long run a tenth, because the heap of each process is limited.
 */
export function grows(samplesMb: readonly number[]): boolean {
  const quarter = Math.floor(samplesMb.length / 4);
  if (quarter < 5) return false;
  const early = median(samplesMb.slice(quarter, quarter * 2));
  const late = median(samplesMb.slice(-quarter));
  return late > (samplesMb.length < SAMPLES_OF_A_LONG_RUN ? early * 1.25 + 40 : early * 1.1);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}
