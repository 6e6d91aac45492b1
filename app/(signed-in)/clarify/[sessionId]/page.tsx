import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { z } from "zod";
import { Conversation } from "@/components/clarify/conversation-page";
import { HydrateClient, trpc } from "../../../trpc";
import { requireUser } from "../../require-user";

export const metadata: Metadata = { title: "Conversation" };

export default async function ConversationPage({ params }: PageProps<"/clarify/[sessionId]">) {
  const { sessionId } = await params;
  await requireUser(`/clarify/${sessionId}`);
  if (!z.guid().safeParse(sessionId).success) notFound();

  const { firstLoad, saveData } = await circumstances();
  if (firstLoad) {
    if (!saveData) void trpc.clarifyContext.get.prefetch({ sessionId });
    void trpc.messages.list.prefetchInfinite({ sessionId });
    void trpc.sessions.get.prefetch({ sessionId });
  }
  return (
    <HydrateClient>
      <Conversation key={sessionId} sessionId={sessionId} />
    </HydrateClient>
  );
}

/** A page that is already open has asked for the same by itself, when the link was pointed at. */
async function circumstances(): Promise<{ firstLoad: boolean; saveData: boolean }> {
  const sent = await headers();
  return { firstLoad: sent.get("sec-fetch-dest") !== "empty", saveData: sent.get("save-data") === "on" };
}
