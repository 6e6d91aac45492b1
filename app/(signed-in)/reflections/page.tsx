import { z } from "zod";
import { titled } from "@/app/preferences";
import { DREAMS_TO_CHOOSE_FROM } from "@/components/reflections/reflection-draft";
import { Reflections } from "@/components/reflections/reflections";
import { HydrateClient, trpc } from "../../trpc";
import { isFirstLoad } from "../first-load";
import { requireUser } from "../require-user";

export const generateMetadata = titled(({ reflections }) => reflections.title);

export default async function ReflectionsPage({ searchParams }: PageProps<"/reflections">) {
  const { dream } = await searchParams;
  await requireUser("/reflections");
  if (await isFirstLoad()) {
    void trpc.reflections.list.prefetchInfinite({});
    void trpc.dreams.list.prefetch(DREAMS_TO_CHOOSE_FROM);
  }
  return (
    <HydrateClient>
      <Reflections aboutDream={z.guid().safeParse(dream).data ?? null} />
    </HydrateClient>
  );
}
