import type { QueryKey } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ItemPages } from "./item-pages";

/** Changes what is shown of loaded lists, ahead of the server and after it. */
export function useItemLists<Item>() {
  const queryClient = useQueryClient();
  return useMemo(
    () => ({
      /** Applies a change to a list. One that is not there yet is asked for again instead: it may have missed it. */
      async change(queryKey: QueryKey, update: (pages: ItemPages<Item>) => ItemPages<Item>): Promise<void> {
        if (queryClient.getQueryData(queryKey) === undefined) {
          void queryClient.invalidateQueries({ queryKey });
          return;
        }
        await queryClient.cancelQueries({ queryKey });
        queryClient.setQueryData<ItemPages<Item>>(queryKey, (pages) => pages && update(pages));
      },
    }),
    [queryClient],
  );
}
