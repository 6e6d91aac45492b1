import { X } from "lucide-react";
import { useState } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import { useAccount } from "@/components/trpc/queries";
import { IconButton } from "@/components/ui/button";
import { useSpeech } from "@/components/words/words";

/** On every page of a copy of the demo until it is dismissed: whose it is, and when it ends. Renders in the browser only. */
export function DemoNote() {
  const { words, fill, locale } = useSpeech();
  const endsAt = useAccount().data?.demoEndsAt;
  const { dismissals } = usePageState();
  const [dismissed, setDismissed] = useState(() => dismissals.has(KEY));
  if (endsAt == null || dismissed) return null;
  const when = new Intl.DateTimeFormat(locale, { weekday: "long", hour: "2-digit", minute: "2-digit" });
  return (
    <div
      data-testid="demo-note"
      className="flex shrink-0 items-center bg-lamp-wash ps-5 text-lamp text-sm leading-6 print:hidden"
    >
      <p className="flex-1 py-1.5 text-center short:py-0">
        {fill(words.account.demoNote, { when: when.format(new Date(endsAt)) })}
      </p>
      <IconButton label={words.common.close} className="size-11 text-lamp" onClick={dismiss}>
        <X aria-hidden />
      </IconButton>
    </div>
  );

  function dismiss() {
    dismissals.add(KEY);
    setDismissed(true);
  }
}

/** Each copy has a person of its own, whose dismissals are kept apart. */
const KEY = "demo-note";
