import type { ClarifyContext } from "@/server/clarify/sections";
import { PublicError } from "@/server/public-error";
import { receiptsOf } from "@/server/receipts/receipts-of";
import { asPartOfThis } from "@/server/telemetry/request-scope";
import { inSpan } from "@/server/telemetry/spans";
import type { Telemetry } from "@/server/telemetry/telemetry";
import type { TokenCounter } from "@/server/tokens/token-counter";
import { crisisIn } from "./care";
import type { ClaimDependencies } from "./claim";
import { holdingClaim } from "./claim";
import type { BegunResume, RecentMessages, ReplyToStore, StoredReply } from "./conversation-store";
import type { CreatedDream, Message, ReplyEvent } from "./events";
import type { FollowedEnd } from "./follow-reply";
import { historyWindow } from "./history";
import type { ConversationMetrics } from "./metrics";
import { GO_ON } from "./prompt";
import { readItems, saidBy } from "./read-items";
import { NOTHING_RELATED } from "./related";
import { ReplyDraft } from "./reply-draft";
import { ReplyRecorder } from "./reply-recorder";
import type { WriteReply } from "./running-replies";
import { speak, summarise } from "./speak";
import { todayWords } from "./today";
import type { ReplyRequest, Voice } from "./voice";
import { VoiceError } from "./voice";

export interface ResumeDependencies extends Omit<ClaimDependencies, "holdClaim"> {
  buildContext(): Promise<ClarifyContext>;
  /** Claims the rest of the reply and returns the conversation up to it, in one round trip. */
  beginResume(): Promise<BegunResume>;
  /** Renews or releases the claim, which is kept on the message that the reply answers. */
  holdClaim(messageId: string, held: boolean): Promise<boolean>;
  /** Emits the events of another process that continues the reply, until no process does. */
  followWriter(emit: (event: ReplyEvent) => void): Promise<FollowedEnd>;
  /** Stores the rest, however long that takes, and emits `unsaved` if the first try fails. */
  extendReply(beginning: StoredReply, rest: ReplyToStore, emit: (event: ReplyEvent) => void): Promise<Message>;
  /** Creates the dreams of one attempt at the reply, in addition to those that it has. */
  keepDreams(known: readonly CreatedDream[]): ReplyRequest["createDream"];
  /** The person's time zone, an IANA name. */
  timeZone: string;
  voice: Voice;
  tokens: Pick<TokenCounter, "countMessage">;
  telemetry: Telemetry;
  metrics: ConversationMetrics;
}

/** Only the last reply of a conversation can be continued. */
export class NothingToResumeError extends PublicError {
  override name = "NothingToResumeError";
  readonly code = "CONFLICT";

  constructor() {
    super("Only the last reply of a conversation can be continued.");
  }
}

/**
 * Continues the last reply of a conversation from where it ended early. Emits the same events as a reply; the new text
 * is appended to the stored text. A complete or refused reply is emitted as it is. If another process is continuing the
 * reply, its events are emitted.
 * @throws {NothingToResumeError} when the last message is not that reply; {VoiceError} when the model fails before it
 * adds anything.
 */
export function resumeReply(dependencies: ResumeDependencies): WriteReply {
  const { voice, clock, telemetry, metrics, buildContext, beginResume, extendReply } = dependencies;
  const goOn: WriteReply = async (emit, signal) => {
    const recorder = new ReplyRecorder(metrics, clock, voice);
    const [context, begun] = await inSpan(telemetry, "pre-model", {}, () =>
      Promise.all([buildContext(), beginResume()]),
    );
    const { reply: beginning, ...conversation } = await claimOrFindWhole(begun, dependencies, emit);
    emit({ type: "context", context: summarise(context, NOTHING_RELATED) });
    if (isOver(beginning)) return emit({ type: "message", message: beginning.message });

    const rest = await speakRest(beginning, { ...dependencies, conversation, context, emit, signal, recorder });
    const message = await inSpan(telemetry, "store reply", {}, () => extendReply(beginning, rest, emit));
    emit({ type: "message", message });
  };
  return asPartOfThis((emit, signal) =>
    inSpan(telemetry, "resumed message", { voice: voice.kind }, () => goOn(emit, signal)),
  );
}

/** Whether the reply cannot be continued. */
function isOver({ message: { status } }: StoredReply): boolean {
  return status === "complete" || status === "refused";
}

type Resumed = BegunResume & { reply: StoredReply };

/** Follows another process while it continues the reply, and takes over when its claim expires. */
async function claimOrFindWhole(
  begun: BegunResume,
  { beginResume, followWriter }: ResumeDependencies,
  emit: (event: ReplyEvent) => void,
): Promise<Resumed> {
  for (let current = begun; ; current = await beginResume()) {
    const { reply } = current;
    if (reply === null) throw new NothingToResumeError();
    if (current.claimed || isOver(reply)) return { ...current, reply };
    const { stopped } = await followWriter(emit);
    if (stopped) throw new VoiceError("aborted");
    emit({ type: "restart" });
  }
}

interface SpeakingRest extends ResumeDependencies {
  conversation: RecentMessages;
  context: ClarifyContext;
  emit: (event: ReplyEvent) => void;
  signal: AbortSignal;
  recorder: ReplyRecorder;
}

async function speakRest(
  { message: { content, dreams }, replyTo }: StoredReply,
  speaking: SpeakingRest,
): Promise<ReplyToStore> {
  const { voice, clock, logger, telemetry, timeZone, conversation, context, keepDreams, emit, signal, recorder } =
    speaking;
  const draft = new ReplyDraft(voice.model, replyTo);
  const history = [
    ...historyWindow(conversation.messages, conversation.total, speaking.tokens.countMessage),
    { role: "user" as const, content: GO_ON },
  ];
  const today = todayWords({ now: clock.now(), timeZone, lastWrittenAt: conversation.messages.at(-1)?.createdAt });
  const crisis = crisisIn(conversation.messages);
  const createDream = keepDreams(dreams);
  const holdClaim = (held: boolean) => speaking.holdClaim(replyTo, held);
  await holdingClaim({ holdClaim, clock, logger }, signal, (held) =>
    inSpan(telemetry, "model", { voice: voice.kind }, () =>
      speak(draft, {
        voice,
        early: null,
        clock,
        logger,
        recorder,
        context,
        history,
        summary: conversation.summary,
        crisis,
        today,
        createDream,
        emit,
        signal: held,
      }),
    ),
  ).catch((error: unknown) => {
    recorder.ended("unspoken");
    throw error;
  });
  const read = { items: readItems(context), said: saidBy(history, conversation.summary) };
  const rest = draft.toStore((more) => (crisis === null ? receiptsOf(`${content}${more}`, read) : []));
  recorder.ended(rest.status);
  return rest;
}
