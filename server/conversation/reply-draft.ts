import type { TokenUsage } from "@/server/model/token-usage";
import type { Receipt } from "@/server/receipts/receipt";
import type { ReplyToStore } from "./conversation-store";
import type { CreatedDream, MessageStatus } from "./events";
import type { ReplyEnding, VoiceEvent } from "./voice";

/** A reply that reached its length limit can be continued, like a reply that the person stopped. */
const STATUS: Record<ReplyEnding, MessageStatus> = { complete: "complete", capped: "interrupted", refused: "refused" };

/** The reply so far, and how it ended. It counts as interrupted until `end` arrives. */
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

  /** Whether there is nothing to store: no words, no dream, and no refusal, which later prompts must know about. */
  get isEmpty(): boolean {
    return this.#text.trim() === "" && this.#dreams.length === 0 && this.#status !== "refused";
  }

  get length(): number {
    return this.#text.length;
  }

  add(event: VoiceEvent): void {
    if (event.type === "text") this.#text += event.delta;
    else if (event.type === "dream") this.#dreams.push(event.dream);
    else this.#usage = event.usage;
    if (event.type === "end") this.#status = STATUS[event.ending];
  }

  fail(): void {
    this.#status = "failed";
  }

  /** @param receiptsOf what a text drew on. A refusal draws on nothing. */
  toStore(receiptsOf: (content: string) => Receipt[]): ReplyToStore {
    const content = this.#text.toWellFormed();
    return {
      id: this.#id,
      replyTo: this.replyTo,
      content,
      status: this.#status,
      model: this.model,
      dreams: this.#dreams,
      receipts: this.#status === "refused" ? [] : receiptsOf(content),
      usage: this.#usage,
    };
  }
}
