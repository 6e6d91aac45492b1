import type { TokenUsage } from "@/server/model/token-usage";
import type { ReplyToStore } from "./conversation-store";
import type { CreatedDream, MessageStatus } from "./events";
import type { VoiceEvent } from "./voice";

/** The reply so far and how it ended. Counts as interrupted until `end` arrives. */
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

  /** Whether the reply has no text and did nothing. */
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
    // A reply that reached its length limit can be continued, like one that the person stopped.
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
