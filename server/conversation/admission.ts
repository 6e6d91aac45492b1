import type { Clock } from "@/server/clock";
import type { ConcurrencyLimit } from "@/server/limits/concurrency";
import { outOfTokens, tooManyMessages, tooManyReplies } from "@/server/limits/limit-error";
import type { Admission, MessageLimiter } from "@/server/limits/message-limiter";
import type { BudgetAdmission, TokenBudget, TokenLedger } from "@/server/limits/token-budget";
import type { Logger } from "@/server/telemetry/logger";
import type { ConversationStore } from "./conversation-store";
import type { WriteReply } from "./running-replies";
import type { Voice } from "./voice";

export interface AdmissionDependencies {
  userId: string;
  limiter: MessageLimiter;
  tokenBudget: TokenBudget;
  ledger: TokenLedger;
  /** How many replies a person may have written at once. */
  replySlots: ConcurrencyLimit;
  /** The offline voice takes no tokens. */
  voice: Pick<Voice, "kind">;
  store: Pick<ConversationStore, "holdClaim">;
  clock: Pick<Clock, "now">;
  logger: Logger;
}

/** Asks the limits of one person for one reply, each of them once however often the reply is begun. */
export interface ReplyAdmission {
  /**
   * Takes one of the minute's messages, and begins to ask for the day's tokens: the message is stored meanwhile, and kept
   * where there are none.
   * @throws {LimitError}
   */
  begin(): Promise<void>;
  /**
   * Resolves once both limits allow a call of the model.
   * @throws {LimitError | DatabaseError}
   */
  admit(): Promise<void>;
  /**
   * Holds the claim on the reply only if the day's tokens allow it, and else gives it up.
   * @throws {LimitError | DatabaseError}
   */
  payFor(messageId: string, claimToken: string): Promise<void>;
}

/** The limits on what one person's replies cost. */
export function createAdmissions({
  userId,
  limiter,
  tokenBudget,
  ledger,
  replySlots,
  voice,
  store,
  clock,
  logger,
}: AdmissionDependencies) {
  async function payFromBudget(timeZone: string): Promise<void> {
    if (voice.kind === "offline") return;
    const answer: BudgetAdmission = await tokenBudget.admit(userId, ledger);
    if (!answer.admitted) throw outOfTokens({ ...answer, now: clock.now(), timeZone });
  }

  return {
    /** @param timeZone the person's, by its IANA name */
    forReply(timeZone: string): ReplyAdmission {
      let message: Promise<Admission> | undefined;
      let tokens: Promise<void> | undefined;
      const pay = () => {
        tokens ??= payFromBudget(timeZone);
        return tokens;
      };
      async function begin() {
        message ??= limiter.take(userId, "message");
        const answer = await message;
        if (!answer.admitted) throw tooManyMessages(answer.retryAfterMs);
        pay().catch(() => undefined); // payFor() throws it.
      }
      return {
        begin,

        async admit() {
          await begin();
          await pay();
        },

        async payFor(messageId, claimToken) {
          try {
            await pay();
          } catch (error) {
            // The claim runs out by itself where it cannot be given up.
            await store.holdClaim(messageId, { token: claimToken, ms: 0 }).catch((err: unknown) => {
              logger.warn({ err }, "claim on a reply without tokens not given up");
            });
            throw error;
          }
        },
      };
    },

    /** Whether a call that no message asked for may be paid from the day's tokens. */
    async hasTokens(): Promise<boolean> {
      return (await tokenBudget.admit(userId, ledger)).admitted;
    },

    /**
     * Writes the reply while holding one of the person's reply slots, until all of it is said.
     * @throws {LimitError} when all slots are taken
     */
    inSlot(write: WriteReply): WriteReply {
      return async (emit, signal) => {
        if (!replySlots.begin(userId)) throw tooManyReplies();
        let held = true;
        const end = () => {
          if (held) replySlots.end(userId);
          held = false;
        };
        try {
          await write((event) => {
            if (event.type === "unsaved") end();
            emit(event);
          }, signal);
        } finally {
          end();
        }
      };
    },
  };
}
