import { queryOptions, useQuery } from "@tanstack/react-query";
import { getQueryKey } from "@trpc/react-query";
import type { TrpcClient } from "@/components/trpc/trpc";
import { trpc } from "@/components/trpc/trpc";

/** The signed-in person's own account. */
export function accountQuery(client: TrpcClient) {
  return queryOptions({
    queryKey: getQueryKey(trpc.account.get, undefined, "query"),
    queryFn: ({ signal }) => client.account.get.query(undefined, { signal }),
    // Only the person changes it, and the page hears of that from every tab.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useAccount() {
  return useQuery(accountQuery(trpc.useUtils().client));
}
