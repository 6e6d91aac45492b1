import { useEffect, useSyncExternalStore } from "react";
import { holdsWords, reloadFor } from "@/components/build/page-build";
import { usePageState } from "@/components/conversation/state/page-state";
import { useBuildWatch } from "@/components/trpc/provider";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";

/**
 * When the server has a newer build than this page, offers to load it. Loads it by itself while the page is hidden and
 * nothing would be lost: no reply is growing, and no field holds text that is stored nowhere else.
 */
export function NewBuild() {
  const builds = useBuildWatch();
  const { turns, drafts, outbox, newConversations } = usePageState();
  const toast = useToast();
  const { app } = useWords();
  const newer = useSyncExternalStore(builds.subscribe, builds.newer, () => null);

  useEffect(() => {
    if (newer === null) return;
    const stores = [drafts, outbox, newConversations];
    const nothingIsLost = () => !turns.anyRunning() && stores.every(({ allStored }) => allStored()) && !holdsWords();
    const reloadUnseen = () => document.hidden && nothingIsLost() && reloadFor(newer);
    if (reloadUnseen()) return;
    toast({
      text: app.newerVersion,
      durationMs: Number.POSITIVE_INFINITY,
      action: { label: app.loadIt, run: () => window.location.reload() },
    });
    const stop = turns.subscribe(reloadUnseen);
    document.addEventListener("visibilitychange", reloadUnseen);
    return () => {
      stop();
      document.removeEventListener("visibilitychange", reloadUnseen);
    };
  }, [newer, turns, drafts, outbox, newConversations, toast, app]);
  return null;
}
