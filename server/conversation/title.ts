import { cutAtWord } from "@/server/context/quote";
import type { ModelMetrics } from "@/server/model/metrics";
import { countTokens } from "@/server/model/metrics";
import { speaksOfCrisis } from "@/server/safety/crisis-words";
import type { Logger } from "@/server/telemetry/logger";
import type { Message } from "./events";
import { withoutRefused } from "./history";
import { countModelFailure } from "./reply-recorder";
import type { Voice } from "./voice";
import { isVoiceError, voiceErrorCode } from "./voice";

/** The longest title that a voice gives, in characters. */
const MAX_LENGTH = 60;
const TIMEOUT_MS = 20_000;

/**
 * Whether a conversation has just had its second exchange, of which it is named once: then it is clearer what it is about.
 * If that ended early, the first complete reply after it counts.
 * @param messages all of its messages, oldest first, the reply that was just stored included
 */
export function isTimeForTitle(messages: readonly Message[]): boolean {
  const [, second] = messages.filter(({ role }) => role === "user");
  if (second === undefined) return false;
  const since = messages.slice(messages.indexOf(second));
  const complete = since.filter(({ role, status }) => role === "assistant" && status === "complete");
  return complete.length === 1 && complete[0] === since.at(-1);
}

export interface TitleDependencies {
  messages: Message[];
  title: NonNullable<Voice["title"]>;
  /** Replaces the name that the first message gave, and no other. */
  store: (title: string) => Promise<void>;
  /** Called only if there is something to name. */
  admitted(): Promise<boolean>;
  metrics: ModelMetrics;
  logger: Logger;
}

/**
 * Names a conversation after what it is about. Nothing is named that speaks of suicide or self-harm. If it fails, the
 * conversation keeps the name that its first message gave.
 * @throws {DatabaseError}
 */
export async function giveTitle({
  messages,
  title,
  store,
  admitted,
  metrics,
  logger,
}: TitleDependencies): Promise<void> {
  const said = withoutRefused(messages);
  if (said.length === 0 || said.some(({ content }) => speaksOfCrisis(content))) return;
  if (!(await admitted())) return;
  const failed = (code: Parameters<typeof countModelFailure>[2]) => {
    countModelFailure(metrics, "title", code);
    logger.warn({ code }, "conversation not named");
  };
  try {
    const { words, usage, ending } = await title({ messages: said, signal: AbortSignal.timeout(TIMEOUT_MS) });
    countTokens(metrics, "title", usage);
    if (ending === "refused") return failed("refused");
    if (ending === "capped") return failed("truncated");
    const line = titleLine(words);
    if (line === "") return failed("empty");
    if (!speaksOfCrisis(line)) await store(line);
  } catch (error) {
    if (!isVoiceError(error)) throw error;
    failed(voiceErrorCode(error));
  }
}

/** A title on one line, without the marks that models put around one. */
function titleLine(words: string): string {
  const line = words
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .replace(/^[#*_"'“”„‟«»״ ]+|[*_"'“”„‟«»״. ]+$/gu, "");
  return cutAtWord(line, MAX_LENGTH);
}
