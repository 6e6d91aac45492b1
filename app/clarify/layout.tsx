import type { ReactNode } from "react";
import { ClarifyShell } from "@/components/clarify/clarify-shell";
import { getCurrentUser } from "@/server/auth/current-user";
import { getVoiceKind } from "@/server/deps-view";
import { signOutAction } from "../sign-in/actions";
import { HydrateClient, trpc } from "../trpc";

export default async function ClarifyLayout({ children }: { children: ReactNode }) {
  const user = await getCurrentUser();
  // The page below knows where to come back to, so it is the page that leads to the sign-in.
  if (user === null) return children;

  void trpc.sessions.list.prefetchInfinite({ status: "active" });
  void trpc.account.get.prefetch();
  return (
    <ClarifyShell key={user.id} voice={getVoiceKind()} signOut={signOutAction}>
      <HydrateClient>{children}</HydrateClient>
    </ClarifyShell>
  );
}
