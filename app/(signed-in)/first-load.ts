import "server-only";
import { headers } from "next/headers";
import { isWholePage } from "@/server/context/prefetch";

/** Whether the browser loads a whole page, or its service worker stores one. An open page loads its data itself. */
export async function isFirstLoad(): Promise<boolean> {
  const sent = await headers();
  return isWholePage(sent) || sent.has("x-clarify-keep");
}
