import type { UserDatabase } from "@/server/database/client";
import { unwrap } from "@/server/database/errors";
import type { ReplyRelay } from "./reply-relay";
import { replyProgress, SILENT_AFTER_MS } from "./reply-relay";

const TIMEOUT_MS = 2_000;

/** Passes on growing replies through the database that all processes share. */
export function createDatabaseRelay(database: UserDatabase): ReplyRelay {
  const deadline = () => AbortSignal.timeout(TIMEOUT_MS);
  return {
    async publish({ messageId, claimToken }, progress) {
      const args = { p_message_id: messageId, p_claim_token: claimToken, p_progress: progress };
      return unwrap(await database.rpc("tell_reply", args).abortSignal(deadline()));
    },

    async read(claimToken) {
      const args = { p_claim_token: claimToken, p_within_ms: SILENT_AFTER_MS };
      const progress = unwrap(await database.rpc("told_reply", args).abortSignal(deadline()));
      return replyProgress.safeParse(progress).data ?? null;
    },

    async stop({ messageId, claimToken }) {
      const args = { p_message_id: messageId, p_claim_token: claimToken };
      unwrap(await database.rpc("stop_reply", args).abortSignal(deadline()));
    },
  };
}
