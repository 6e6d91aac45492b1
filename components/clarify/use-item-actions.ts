import { useQueryClient } from "@tanstack/react-query";
import { usePageState } from "@/components/conversation/state/page-state";
import { setAside } from "@/components/conversation/state/set-aside";
import { useRemoval } from "@/components/lists/removals";
import { outdate } from "@/components/trpc/query-cache";
import type { TrpcClient } from "@/components/trpc/trpc";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";
import type { BinKind } from "@/server/bin/bin";
import type { SectionName } from "@/server/clarify/sections";

interface Requests {
  /** Pauses or resumes an item; for a conversation, takes it off the record or puts it back. */
  setPaused: (client: TrpcClient, id: string, paused: boolean) => Promise<unknown>;
  remove: (client: TrpcClient, id: string) => Promise<unknown>;
}

/** The names of the sections are those of the routers that change their items. */
const REQUESTS: Record<Exclude<SectionName, "user">, Requests> = {
  dreams: {
    setPaused: (client, dreamId, paused) => client.dreams.setPaused.mutate({ dreamId, paused }),
    remove: (client, dreamId) => client.dreams.remove.mutate({ dreamId }),
  },
  patterns: {
    setPaused: (client, patternId, paused) => client.patterns.setPaused.mutate({ patternId, paused }),
    remove: (client, patternId) => client.patterns.remove.mutate({ patternId }),
  },
  sessions: {
    setPaused: (client, sessionId, offRecord) => client.sessions.setOffRecord.mutate({ sessionId, offRecord }),
    remove: (client, sessionId) => client.sessions.remove.mutate({ sessionId }),
  },
  reflections: {
    setPaused: (client, reflectionId, paused) => client.reflections.setPaused.mutate({ reflectionId, paused }),
    remove: (client, reflectionId) => client.reflections.remove.mutate({ reflectionId }),
  },
};

const KINDS = {
  dreams: "dream",
  patterns: "pattern",
  sessions: "conversation",
  reflections: "reflection",
} as const satisfies Record<Exclude<SectionName, "user">, BinKind>;

/** Sends a change of an item, shows a toast on failure, and refetches outdated queries. Resolves to whether it succeeded. */
function useSend(
  section: Exclude<SectionName, "user">,
): (request: (client: TrpcClient) => Promise<unknown>) => Promise<boolean> {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const showError = useErrorToast();
  return async (request) => {
    try {
      await request(client);
      return true;
    } catch (error) {
      showError(error);
      return false;
    } finally {
      void outdate(queryClient, section, false);
    }
  };
}

/** Renames a conversation from the inspector. */
export function useRename(sessionId: string): (title: string) => Promise<boolean> {
  const send = useSend("sessions");
  return (title) => send((client) => client.sessions.rename.mutate({ sessionId, title }));
}

/** Pauses and removes an item from the inspector. Both can be undone in the toast. */
export function useItemActions(section: Exclude<SectionName, "user">, id: string) {
  const { client } = trpc.useUtils();
  const { drafts, outbox } = usePageState();
  const send = useSend(section);
  const removeLater = useRemoval();
  const toast = useToast();
  const { sessions, common } = useWords();
  const requests = REQUESTS[section];

  async function pause(): Promise<void> {
    const paused = await send(() => requests.setPaused(client, id, true));
    if (!paused) return;
    const [text, label] =
      section === "sessions" ? [sessions.offRecordNow, sessions.putOnRecord] : [common.paused, common.resume];
    toast({ text, action: { label, run: () => void send(() => requests.setPaused(client, id, false)) } });
  }

  function remove(): void {
    removeLater({ kind: KINDS[section], id }, async () => {
      await requests.remove(client, id);
      if (section === "sessions") setAside({ drafts, outbox }, id);
    });
  }

  return { pause, remove };
}
