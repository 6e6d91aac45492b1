import type { Clock } from "@/server/clock";
import type { EarlyCallOutcome } from "./metrics";
import type { ReplyRequest, Voice, VoiceEvent } from "./voice";
import { VoiceError } from "./voice";

/** What a call of the model asks for. */
export type CallPrompt = Omit<ReplyRequest, "createDream" | "signal">;

interface RunningCall {
  prompt: CallPrompt;
  /** The reading of the clock when it began, in milliseconds. */
  calledAt: number;
  events: AsyncIterator<VoiceEvent>;
  first: Promise<IteratorResult<VoiceEvent>>;
}

/**
 * A call of the model that begins while its message is being stored, with the conversation as it is expected to be. Nothing
 * of it is passed on, and no dream is created, before `take` has found that the stored conversation asks for the same.
 */
export class EarlyCall {
  readonly #voice: Voice;
  readonly #clock: Pick<Clock, "elapsed">;
  readonly #stop = new AbortController();
  readonly #createDream = Promise.withResolvers<ReplyRequest["createDream"]>();
  #call: RunningCall | undefined;
  #end: EarlyCallOutcome | undefined;

  constructor(voice: Voice, clock: Pick<Clock, "elapsed">) {
    this.#voice = voice;
    this.#clock = clock;
    // Awaited only by a call that creates a dream.
    this.#createDream.promise.catch(() => undefined);
  }

  /** What became of the call; null if it never began. */
  get outcome(): EarlyCallOutcome | null {
    return (this.#call && this.#end) ?? null;
  }

  /**
   * Calls the model as soon as the prompt is known, unless that is too late.
   * @param prompt null if nothing is expected. A rejection means that as well: whoever stores the message meets its cause.
   */
  begin(prompt: Promise<CallPrompt | null>): void {
    prompt.then(
      (known) => {
        if (known !== null && this.#end === undefined) this.#start(known);
      },
      () => undefined,
    );
  }

  #start(prompt: CallPrompt): void {
    const createDream: ReplyRequest["createDream"] = async (dream) => (await this.#createDream.promise)(dream);
    const reply = this.#voice.reply({ ...prompt, createDream, signal: this.#stop.signal });
    const events = reply[Symbol.asyncIterator]();
    const first = events.next();
    // It may reject before anybody waits for it.
    first.catch(() => undefined);
    this.#call = { prompt, calledAt: this.#clock.elapsed(), events, first };
  }

  /**
   * The call, if it has begun and asks the model for what this request asks for. Otherwise it is given up, and the result is
   * null.
   */
  take(request: ReplyRequest): { calledAt: number; events: AsyncIterable<VoiceEvent> } | null {
    const call = this.#call;
    if (call === undefined || this.#end !== undefined || !asksTheSame(call.prompt, request)) {
      this.giveUp();
      return null;
    }
    this.#end = "taken";
    this.#createDream.resolve(request.createDream);
    return { calledAt: call.calledAt, events: this.#until(request.signal, call) };
  }

  /** Ends a call that was not taken. What its provider charges is counted as for a reply that was stopped. */
  giveUp(): void {
    if (this.#end !== undefined) return;
    this.#end = "given_up";
    const error = new VoiceError("aborted");
    this.#createDream.reject(error);
    this.#stop.abort(error);
    // Lets the voice count the call. Its failure matters to nobody.
    this.#call?.first.then(() => this.#call?.events.return?.()).catch(() => undefined);
  }

  async *#until(signal: AbortSignal, { first, events }: RunningCall): AsyncGenerator<VoiceEvent> {
    const stop = () => this.#stop.abort(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    try {
      for (let next = await first; !next.done; next = await events.next()) yield next.value;
    } finally {
      signal.removeEventListener("abort", stop);
      await events.return?.();
    }
  }
}

function asksTheSame(one: CallPrompt, other: CallPrompt): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ context, history, related, crisis, today, summary, attempt }: CallPrompt): string {
  const said = history.map(({ role, content, dreams }) => [role, content, dreams ?? []]);
  return JSON.stringify([context.text, said, related ?? null, crisis, today, summary ?? null, attempt ?? 0]);
}
