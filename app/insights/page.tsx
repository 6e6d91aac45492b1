import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getCurrentUser } from "@/app/current-user";
import { InsightsPage } from "@/components/insights/insights-page";
import { TrpcProvider } from "@/components/trpc/provider";
import { getDeps } from "@/server/deps";
import { readRange } from "@/server/insights/report";
import { HydrateClient, trpc } from "../trpc";

export const metadata: Metadata = { title: "Insights" };

/** The operators' page. Other people get a 404. */
export default async function Page({ searchParams }: PageProps<"/insights">) {
  const user = await getCurrentUser();
  if (user === null || !getDeps().isOperator(user)) notFound();

  const range = readRange((await searchParams).range);
  void trpc.insights.get.prefetch({ range });
  return (
    <TrpcProvider key={user.id} userId={user.id}>
      <HydrateClient>
        <InsightsPage range={range} />
      </HydrateClient>
    </TrpcProvider>
  );
}
