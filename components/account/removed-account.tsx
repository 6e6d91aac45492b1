import { useEffect } from "react";
import { codeOf } from "@/components/trpc/errors";
import { useAccount } from "@/components/trpc/queries";
import type { RemovalNotice } from "./use-sign-out";
import { useSignOut } from "./use-sign-out";

/** Signs out somebody whose account was removed, on another device or because their demo has ended, and tells them why. */
export function RemovedAccount({ notice }: { notice: RemovalNotice }) {
  const account = useAccount();
  const signOut = useSignOut();
  const removed = account.isError && codeOf(account.error) === "NOT_FOUND";
  useEffect(() => {
    if (removed) void signOut(notice);
  }, [removed, signOut, notice]);
  return null;
}
