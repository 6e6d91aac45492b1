import { CloudOff } from "lucide-react";
import { useOnline } from "@/components/ui/use-online";

/** Says that there is no connection, and what becomes of what is written meanwhile. */
export function OfflineNotice() {
  const online = useOnline();
  return (
    <p role="status" className="empty:hidden" data-testid="offline-notice">
      {!online && (
        <span className="mb-2 flex items-center gap-2 rounded-xl bg-lamp-wash px-4 py-2 text-lamp text-sm leading-6">
          <CloudOff aria-hidden className="size-4 shrink-0" />
          You are offline. What you write is kept, and goes out once you are back.
        </span>
      )}
    </p>
  );
}
