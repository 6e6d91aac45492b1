import { memo } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import type { SaidEntry } from "./entries";
import { EntryFooter } from "./entry-footer";

/** What the person wrote. */
export const Said = memo(function Said({ entry }: { entry: SaidEntry }) {
  return (
    <article
      data-testid="message"
      data-role="user"
      aria-label="You"
      aria-busy={entry.sending}
      className="entry group/entry flex flex-col items-end"
    >
      <div
        dir="auto"
        className="max-w-[min(36rem,88%)] whitespace-pre-wrap rounded-2xl rounded-br-md border border-line bg-sheet px-4 py-2.5 leading-7 [overflow-wrap:anywhere]"
      >
        {entry.content}
      </div>
      <EntryFooter at={entry.createdAt} end>
        <CopyButton label="Copy message" text={entry.content} className="size-8" />
      </EntryFooter>
    </article>
  );
});
