import { z } from "zod";
import { unwrap } from "@/server/database/errors";
import { toIsoTimestamp } from "@/server/database/timestamp";
import type { ReceiptRow } from "@/server/database/types";
import { uuid } from "@/server/input";
import { calmTitle } from "@/server/safety/calm-title";
import { router, signedInProcedure } from "@/server/trpc/init";
import type { Receipt } from "./receipt";

/** What is shown of an item that a reply drew on, as it is now. */
export interface ShownReceipt extends Receipt {
  /** Null for what has no title, and for a conversation whose title speaks of a crisis. */
  title: string | null;
  /** The status of a dream; null for other items. */
  status: ReceiptRow["status"];
  /** When it was written, last seen or last changed. ISO-8601, UTC. */
  at: string;
  /** The conversation, also of a message; null for other items. */
  sessionId: string | null;
}

/** The replies of a conversation that can show receipts. */
const MOST_REPLIES = 500;

export const receiptsRouter = router({
  list: signedInProcedure
    .meta({
      description:
        "What the replies of a session drew on, as it is called now. Items that were removed, or are off the record, are left out.",
    })
    .input(z.object({ sessionId: uuid }).strict())
    .query(async ({ ctx, input }) => {
      const call = ctx.database().rpc("receipts", { p_session_id: input.sessionId, p_replies: MOST_REPLIES });
      return unwrap(await call).map(toShownReceipt);
    }),
});

function toShownReceipt({ kind, id, title, status, at, session_id }: ReceiptRow): ShownReceipt {
  const shown = kind === "conversation" ? calmTitle(title) : title;
  return { kind, id, title: shown, status, at: toIsoTimestamp(at), sessionId: session_id };
}
