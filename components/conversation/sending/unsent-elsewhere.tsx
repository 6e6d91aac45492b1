import { useParams } from "next/navigation";
import { useCallback, useSyncExternalStore } from "react";
import { useReachability } from "@/components/trpc/provider";
import { usePageState } from "../state/page-state";
import { useResend } from "./use-resend";

/** Sends what is left unsent in conversations that are not open. The one that is open looks after its own. */
export function UnsentElsewhere() {
  const { outbox } = usePageState();
  const reachability = useReachability();
  const { sessionId: open } = useParams<{ sessionId?: string }>();
  // Text, because a list would be another one each time.
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
