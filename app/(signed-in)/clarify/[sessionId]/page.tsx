import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { z } from "zod";
import { readTimeZone, titled } from "@/app/preferences";
import { Conversation } from "@/components/clarify/conversation-page";
import { prefetchContext } from "@/server/context/prefetch";
import { HydrateClient, trpc } from "../../../trpc";
import { isFirstLoad } from "../../first-load";
import { requireUser } from "../../require-user";
import { messagesAhead } from "./messages-ahead";
import { SendEarly } from "./send-early";

export const generateMetadata = titled(({ conversation }) => conversation.page);

export default async function ConversationPage({ params }: PageProps<"/clarify/[sessionId]">) {
  const { sessionId } = await params;
  await requireUser(`/clarify/${sessionId}`);
  if (!z.guid().safeParse(sessionId).success) notFound();

  void prefetchContext({ context: trpc.clarifyContext, input: { sessionId }, headers: await headers() });
  const isWhole = await isFirstLoad();
  if (isWhole) void trpc.sessions.get.prefetch({ sessionId });
  const messages = await messagesAhead(sessionId);
  return (
    <HydrateClient>
      {isWhole && <SendEarly />}
      <messages.HydrateClient>
        <Conversation
          key={sessionId}
          sessionId={sessionId}
          messagesSent={messages.areRead}
          toldTimeZone={await readTimeZone()}
        />
      </messages.HydrateClient>
    </HydrateClient>
  );
}
