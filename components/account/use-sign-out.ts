import { useCallback } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { forgetPages } from "@/components/offline/service-worker";
import { signInNotice } from "@/components/sign-in/return-path";
import { useTabs } from "@/components/trpc/provider";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";

/** Why the account is gone, for the sign-in page. */
export type RemovalNotice = "removed" | "demoEnded";

/**
 * Signs out, and removes everything of the person from this browser: drafts, unsent messages, stored pages and open
 * tabs. Cached answers go because the page is unloaded. With a notice, the sign-in page says why.
 */
export function useSignOut(): (notice?: RemovalNotice) => Promise<void> {
  const tabs = useTabs();
  const toast = useToast();
  const { account } = useWords();
  const { drafts, outbox, newConversations, dismissals } = usePageState();
  return useCallback(
    async (notice) => {
      try {
        await endSession();
      } catch {
        toast({ text: account.stillSignedIn, urgent: true });
        return;
      }
      tabs.signedOut();
      drafts.clear();
      outbox.clear();
      newConversations.clear();
      dismissals.clear();
      await forgetPages();
      window.location.replace(notice === undefined ? "/sign-in" : signInNotice(notice));
    },
    [tabs, toast, account, drafts, outbox, newConversations, dismissals],
  );
}

/** @throws when the server could not be reached or refused. */
async function endSession(): Promise<void> {
  const headers = { "content-type": "application/json" };
  const { ok, status } = await fetch("/api/sign-out", { method: "POST", headers, body: "{}" });
  if (!ok) throw new Error(`HTTP ${status}`);
}
