import type { ReactNode } from "react";
import { getCurrentUser } from "@/app/current-user";
import { ClarifyShell } from "@/components/clarify/shell";
import { TrpcProvider } from "@/components/trpc/provider";
import { HydrateClient, trpc } from "../trpc";

export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const user = await getCurrentUser();
  // Each page knows its own path, so the page redirects to the sign-in.
  if (user === null) return children;

  void trpc.sessions.list.prefetchInfinite({ status: "active" });
  void trpc.account.get.prefetch();
  return (
    <TrpcProvider key={user.id} userId={user.id}>
      <HydrateClient>
        <ClarifyShell userId={user.id} email={user.email} voice={await trpc.messages.voice()}>
          {children}
        </ClarifyShell>
      </HydrateClient>
    </TrpcProvider>
  );
}
