import { classNames } from "@/components/ui/class-names";
import type { ReplyEntry } from "./entries";

const ENDINGS: Partial<Record<ReplyEntry["state"], string>> = {
  interrupted: "Stopped before its end",
  failed: "Broke off before its end",
};

/** What has to be known about a reply before trusting it. */
export function ReplyMarks({ state, offline }: { state: ReplyEntry["state"]; offline: boolean }) {
  const ending = ENDINGS[state];
  return (
    <>
      {offline && (
        <Mark className="bg-lamp-wash text-lamp" testId="offline-mark">
          Offline voice
        </Mark>
      )}
      {ending !== undefined && (
        <Mark className="bg-ember-wash text-ember" testId="ending-mark">
          {ending}
        </Mark>
      )}
    </>
  );
}

function Mark({ className, testId, children }: { className: string; testId: string; children: string }) {
  return (
    <span
      data-testid={testId}
      className={classNames("rounded-full px-2.5 py-0.5 font-medium text-xs leading-5", className)}
    >
      {children}
    </span>
  );
}
