import type { TokenUsage } from "@/server/model/token-usage";
import type { ReplyToStore } from "./conversation-store";
import type { CreatedDream, MessageStatus } from "./events";
import type { VoiceEvent } from "./voice";

/** What was said so far, and how it ended. Until it is finished it counts as interrupted. */
export class ReplyDraft {
  #text = "";
  #status: MessageStatus = "interrupted";
  #usage: TokenUsage | null = null;
  readonly #dreams: CreatedDream[] = [];

  readonly #id = crypto.randomUUID();

  constructor(
    private readonly model: string,
    private readonly replyTo: string,
  ) {}

  /** Whether nothing came of it: no word was said and nothing was done. */
  get isEmpty(): boolean {
    return this.#text === "" && this.#dreams.length === 0;
  }

  get length(): number {
    return this.#text.length;
  }

  add(event: VoiceEvent): void {
    if (event.type === "text") this.#text += event.delta;
    else if (event.type === "dream") this.#dreams.push(event.dream);
    else this.#usage = event.usage;
    // What was cut off for its length can be gone on with, like what was cut off by the person.
    if (event.type === "end" && !event.capped) this.#status = "complete";
  }

  fail(): void {
    this.#status = "failed";
  }

  toStore(): ReplyToStore {
    return {
      id: this.#id,
      replyTo: this.replyTo,
      content: this.#text,
      status: this.#status,
      model: this.model,
      dreams: this.#dreams,
      usage: this.#usage,
    };
  }
}
