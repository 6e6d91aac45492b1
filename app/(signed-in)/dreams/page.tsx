import type { Metadata } from "next";
import { Dreams } from "@/components/dreams/dreams";
import { HydrateClient, trpc } from "../../trpc";
import { isFirstLoad } from "../first-load";
import { requireUser } from "../require-user";

export const metadata: Metadata = { title: "Dreams" };

export default async function DreamsPage() {
  await requireUser("/dreams");
  if (await isFirstLoad()) void trpc.dreams.list.prefetchInfinite({ status: "active" });
  return (
    <HydrateClient>
      <Dreams />
    </HydrateClient>
  );
}
