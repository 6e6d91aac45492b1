import "server-only";
import { headers } from "next/headers";
import { isWholePage } from "@/server/context/prefetch";

/**
 * Whether the browser asks for a page as a whole, or its service worker to keep one. A page that is already open has asked
 * for its data by itself.
 */
export async function isFirstLoad(): Promise<boolean> {
  const sent = await headers();
  return isWholePage(sent) || sent.has("x-clarify-keep");
}
