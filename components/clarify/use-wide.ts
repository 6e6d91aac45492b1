import { useMediaQuery } from "@/components/ui/use-media-query";

/** Whether the conversations have a column of their own beside the page. */
export function useWide(): boolean {
  return useMediaQuery("(min-width: 64rem)");
}
