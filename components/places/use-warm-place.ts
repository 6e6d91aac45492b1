import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { currentSurroundings, mayWarm } from "@/components/clarify/warm-policy";
import { dreamsQuery, reflectionsQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import type { Place } from "./places-nav";

/** Returns a function that has what a place shows ready before somebody goes there. */
export function useWarmPlace(): (place: Place) => void {
  const { client } = trpc.useUtils();
  const queryClient = useQueryClient();
  const router = useRouter();
  return useCallback(
    (place) => {
      if (!mayWarm(currentSurroundings())) return;
      router.prefetch(`/${place}`);
      if (place === "dreams") void queryClient.prefetchInfiniteQuery(dreamsQuery(client, "active"));
      if (place === "reflections") void queryClient.prefetchInfiniteQuery(reflectionsQuery(client));
    },
    [client, queryClient, router],
  );
}
