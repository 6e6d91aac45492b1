import { createContext, useCallback, useContext } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { useRemovals } from "@/components/lists/removals";
import { useTabs } from "@/components/trpc/provider";
import { useToast } from "@/components/ui/toasts";

/** Ends the session on the server. */
export const SignOutContext = createContext<() => Promise<void>>(async () => {
  throw new Error("useSignOut needs a SignOutContext above it");
});

/**
 * Signs out, and leaves nothing of the person in this browser: no draft, no message, no other tab, and, because the page
 * is left altogether, no cached answer.
 */
export function useSignOut(): () => Promise<void> {
  const endSession = useContext(SignOutContext);
  const tabs = useTabs();
  const toast = useToast();
  const { drafts, outbox } = usePageState();
  const removals = useRemovals();
  return useCallback(async () => {
    removals.flush();
    try {
      await endSession();
    } catch {
      toast({ text: "You are still signed in: the server could not be reached.", urgent: true });
      return;
    }
    tabs.signedOut();
    drafts.clear();
    outbox.clear();
    window.location.replace("/sign-in");
  }, [endSession, tabs, toast, drafts, outbox, removals]);
}
