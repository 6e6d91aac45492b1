import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext } from "react";
import { usePageState } from "../page-state";

/** Ends the session on the server and leads to the sign-in page. */
export const SignOutContext = createContext<() => Promise<void>>(async () => {
  throw new Error("useSignOut needs a SignOutContext above it");
});

/** Signs out, and leaves nothing of the person in this browser: no cached answer, no draft. */
export function useSignOut(): () => Promise<void> {
  const leave = useContext(SignOutContext);
  const queryClient = useQueryClient();
  const { drafts, removals } = usePageState();
  return useCallback(async () => {
    removals.flush();
    await leave();
    drafts.clear();
    queryClient.clear();
  }, [leave, queryClient, drafts, removals]);
}
