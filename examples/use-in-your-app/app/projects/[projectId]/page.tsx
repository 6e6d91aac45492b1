import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { prefetchContext } from "clarify-context/trpc";
import { headers } from "next/headers";
import { Project } from "../../../client/project";
import { createQueryClient } from "../../../client/query-client";
import { createRequestContext } from "../../../server/request-context";
import { appRouter } from "../../../server/router";

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  const queryClient = createQueryClient();
  const trpc = createTRPCOptionsProxy({ router: appRouter, ctx: createRequestContext, queryClient });
  void prefetchContext({ context: trpc.context, input: { projectId }, headers: await headers(), queryClient });
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <Project projectId={projectId} />
    </HydrationBoundary>
  );
}
