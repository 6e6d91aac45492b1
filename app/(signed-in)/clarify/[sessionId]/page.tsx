import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { z } from "zod";
import { titled } from "@/app/preferences";
import { Conversation } from "@/components/clarify/conversation-page";
import { prefetchContext } from "@/server/context/prefetch";
import { HydrateClient, trpc } from "../../../trpc";
import { isFirstLoad } from "../../first-load";
import { requireUser } from "../../require-user";

export const generateMetadata = titled(({ conversation }) => conversation.page);

export default async function ConversationPage({ params }: PageProps<"/clarify/[sessionId]">) {
  const { sessionId } = await params;
  await requireUser(`/clarify/${sessionId}`);
  if (!z.guid().safeParse(sessionId).success) notFound();

  void prefetchContext({ context: trpc.clarifyContext, input: { sessionId }, headers: await headers() });
  if (await isFirstLoad()) {
    void trpc.messages.list.prefetchInfinite({ sessionId });
    void trpc.sessions.get.prefetch({ sessionId });
  }
  return (
    <HydrateClient>
      <Conversation key={sessionId} sessionId={sessionId} />
    </HydrateClient>
  );
}
