import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";

/** The id of the item to edit at once, from `?edit=` in the URL, which is removed from the URL afterwards. */
export function useItemToEdit(): string | null {
  const asked = useSearchParams().get("edit");
  const pathname = usePathname();
  const [id] = useState(asked);
  useEffect(() => {
    if (id !== null) window.history.replaceState(null, "", pathname);
  }, [id, pathname]);
  return id;
}
