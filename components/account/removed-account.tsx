import { useEffect } from "react";
import { codeOf } from "@/components/trpc/errors";
import { useAccount } from "@/components/trpc/queries";
import { useSignOut } from "./use-sign-out";

/** Signs out somebody whose account was removed, for example on another device, and tells them why. */
export function RemovedAccount() {
  const account = useAccount();
  const signOut = useSignOut();
  const removed = account.isError && codeOf(account.error) === "NOT_FOUND";
  useEffect(() => {
    if (removed) void signOut("removed");
  }, [removed, signOut]);
  return null;
}
