import { useAccount } from "@/components/trpc/queries";
import { useSpeech } from "@/components/words/words";

/** On every page of a copy of the demo: whose it is, and when it ends. Renders in the browser only. */
export function DemoNote() {
  const { words, fill, locale } = useSpeech();
  const endsAt = useAccount().data?.demoEndsAt;
  if (endsAt == null) return null;
  const when = new Intl.DateTimeFormat(locale, { weekday: "long", hour: "2-digit", minute: "2-digit" });
  return (
    <p
      data-testid="demo-note"
      className="shrink-0 print:hidden bg-lamp-wash px-5 py-1.5 text-center text-lamp text-sm leading-6"
    >
      {fill(words.account.demoNote, { when: when.format(new Date(endsAt)) })}
    </p>
  );
}
