import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { LoadFailure } from "@/components/trpc/load-failure";
import { tokensTodayQuery } from "@/components/trpc/queries";
import { trpc } from "@/components/trpc/trpc";
import { CardsSkeleton } from "@/components/ui/skeleton";
import { useSpeech } from "@/components/words/words";

/** How much of the day's limit the person has used, and when the next day begins. */
export function TokensToday() {
  const id = useId();
  const { words, fill, locale } = useSpeech();
  const query = useQuery(tokensTodayQuery(trpc.useUtils().client));
  if (query.data === undefined) {
    if (query.isPending) return <CardsSkeleton label={words.account.loadingToday} />;
    return <LoadFailure query={query} />;
  }
  const { used, perDay, goesOnAt } = query.data;
  const anew = new Date(goesOnAt).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  return (
    <div data-testid="tokens-today">
      <p id={id} className="text-ink-soft leading-7">
        {perDay === null
          ? words.account.noLimit
          : fill(words.account.usedToday, { share: percent(locale, Math.min(1, used / perDay)), time: anew })}
      </p>
      {perDay !== null && (
        <meter aria-labelledby={id} min={0} max={perDay} value={Math.min(used, perDay)} className="mt-2 h-2 w-full" />
      )}
    </div>
  );
}

function percent(locale: string, share: number): string {
  return new Intl.NumberFormat(locale, { style: "percent" }).format(share);
}
