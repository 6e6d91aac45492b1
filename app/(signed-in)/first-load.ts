import "server-only";
import { headers } from "next/headers";
import { isWholePage } from "@/server/context/prefetch";

/** Whether the browser asks for a page as a whole. One that is already open has asked for its data by itself. */
export async function isFirstLoad(): Promise<boolean> {
  return isWholePage(await headers());
}
