import { z } from "zod";
import { titled } from "@/app/preferences";
import { Dreams } from "@/components/dreams/dreams";
import { DREAM_STATUSES } from "@/server/dreams/dream";
import { HydrateClient, trpc } from "../../trpc";
import { isFirstLoad } from "../first-load";
import { requireUser } from "../require-user";

export const generateMetadata = titled(({ dreams }) => dreams.title);

export default async function DreamsPage({ searchParams }: PageProps<"/dreams">) {
  const asked = (await searchParams).status;
  const status = z.enum(DREAM_STATUSES).safeParse(asked).data ?? "active";
  await requireUser("/dreams");
  if (await isFirstLoad()) void trpc.dreams.list.prefetchInfinite({ status });
  return (
    <HydrateClient>
      <Dreams initialStatus={status} />
    </HydrateClient>
  );
}
