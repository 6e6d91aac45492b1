import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { useWords } from "@/components/words/words";

interface EarlierButtonProps {
  query: {
    hasNextPage: boolean;
    isFetching: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  className: string;
}

/** Loads a list's next page, if there is one. */
export function EarlierButton({ query, className }: EarlierButtonProps) {
  const { common } = useWords();
  if (!query.hasNextPage) return null;
  return (
    <Button
      look="plain"
      className={classNames("w-full", className)}
      disabled={query.isFetching}
      onClick={() => void query.fetchNextPage()}
    >
      {query.isFetchingNextPage ? common.loading : common.earlier}
    </Button>
  );
}
