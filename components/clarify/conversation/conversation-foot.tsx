import type { RefObject } from "react";
import { Composer } from "../composer/composer";
import { ArchivedNotice } from "./archived-notice";
import { useKnownSession } from "./use-known-session";

interface ConversationFootProps {
  sessionId: string;
  composer: RefObject<HTMLTextAreaElement | null>;
}

/** Where the person writes, unless the conversation is archived or does not exist. Nobody has to wait for it. */
export function ConversationFoot({ sessionId, composer }: ConversationFootProps) {
  const session = useKnownSession(sessionId);
  if (session === "missing") return null;
  if (session?.status === "archived") return <ArchivedNotice session={session} />;
  return <Composer sessionId={sessionId} field={composer} />;
}
