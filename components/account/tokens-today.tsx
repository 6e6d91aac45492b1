import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { LoadFailure } from "@/components/trpc/load-failure";
import { tokensTodayQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { CardsSkeleton } from "@/components/ui/skeleton";

/** What the person has used of the model today, and when they have all of it again. */
export function TokensToday() {
  const id = useId();
  const query = useQuery(tokensTodayQuery(trpc.useUtils().client));
  if (query.data === undefined) {
    if (query.isPending) return <CardsSkeleton label="Looking what you used today…" />;
    return <LoadFailure query={query} className="" />;
  }
  const { used, perDay, goesOnAt } = query.data;
  const anew = new Date(goesOnAt).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  return (
    <div data-testid="tokens-today">
      <p id={id} className="text-ink-soft leading-7">
        {perDay === null
          ? `Your replies took ${used.toLocaleString("en")} tokens today. There is no limit here.`
          : `Your replies took ${used.toLocaleString("en")} of ${perDay.toLocaleString("en")} tokens today. The count begins anew at ${anew}.`}
      </p>
      {perDay !== null && (
        <meter aria-labelledby={id} min={0} max={perDay} value={Math.min(used, perDay)} className="mt-2 h-2 w-full" />
      )}
    </div>
  );
}
