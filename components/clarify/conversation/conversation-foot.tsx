import type { RefObject } from "react";
import { describeError } from "@/components/trpc/describe-error";
import { trpc } from "@/components/trpc/trpc";
import { useHydrated } from "@/components/ui/use-hydrated";
import { Composer } from "../composer/composer";
import { ArchivedNotice } from "./archived-notice";

interface ConversationFootProps {
  sessionId: string;
  composer: RefObject<HTMLTextAreaElement | null>;
}

/** Where the person writes, unless the conversation is archived or does not exist. */
export function ConversationFoot({ sessionId, composer }: ConversationFootProps) {
  const session = trpc.sessions.get.useQuery({ sessionId });
  // Until then the composer is there in any case, so that nobody has to wait to write.
  const known = useHydrated();
  if (known && session.data?.status === "archived") return <ArchivedNotice session={session.data} />;
  if (known && session.isError && describeError(session.error).code === "NOT_FOUND") return null;
  return <Composer sessionId={sessionId} field={composer} />;
}
