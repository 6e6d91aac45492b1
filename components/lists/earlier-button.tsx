import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";

interface EarlierButtonProps {
  query: {
    hasNextPage: boolean;
    isFetching: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  className: string;
}

/** Loads a list's next page, where there is one. */
export function EarlierButton({ query, className }: EarlierButtonProps) {
  if (!query.hasNextPage) return null;
  return (
    <Button
      look="plain"
      className={classNames("w-full", className)}
      disabled={query.isFetching}
      onClick={() => void query.fetchNextPage()}
    >
      {query.isFetchingNextPage ? "Loading…" : "Show earlier ones"}
    </Button>
  );
}
