import { useParams } from "next/navigation";
import { useCallback, useSyncExternalStore } from "react";
import { useReachability } from "@/components/trpc/provider";
import { usePageState } from "../state/page-state";
import { useResend } from "./use-resend";

/** Sends the unsent messages of conversations that are not open. An open conversation sends its own. */
export function UnsentElsewhere() {
  const { outbox } = usePageState();
  const reachability = useReachability();
  const { sessionId: open } = useParams<{ sessionId?: string }>();
  // Joined to a text, because a new array would count as a change at every read.
  const read = useCallback(() => outbox.sessions().join(" "), [outbox]);
  const sessions = useSyncExternalStore(reachability.subscribe, read, () => "");
  return sessions
    .split(" ")
    .filter((id) => id !== "" && id !== open)
    .map((id) => <Unsent key={id} sessionId={id} />);
}

const NONE_KNOWN: readonly never[] = [];

function Unsent({ sessionId }: { sessionId: string }) {
  useResend(sessionId, NONE_KNOWN);
  return null;
}
