import { Button } from "@/components/ui/button";
import type { Session } from "@/server/sessions/router";
import { useSessionActions } from "../sessions/use-session-actions";

/** Stands where the composer would be: an archived conversation can be read, not continued. */
export function ArchivedNotice({ session }: { session: Session }) {
  const { restore } = useSessionActions();
  return (
    <div className="mx-auto mb-4 flex w-[calc(100%-2rem)] max-w-2xl flex-wrap items-center justify-between gap-3 rounded-2xl border border-line bg-sheet px-5 py-3">
      <p className="text-ink-soft text-sm">This conversation is archived.</p>
      <Button look="quiet" onClick={() => restore(session)}>
        Restore it to go on
      </Button>
    </div>
  );
}
