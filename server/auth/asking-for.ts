import { isIP } from "node:net";
import { peerAddress } from "./sign-in-limit";

interface AskingSettings {
  FORWARD_ADDRESSES: "on" | "off";
  SUPABASE_PUBLISHABLE_KEY: string;
  SUPABASE_SECRET_KEY?: string | undefined;
}

/** How the auth server is asked on behalf of a visitor. */
export interface Asking {
  apiKey: string;
  headers: Record<string, string>;
}

/**
 * With FORWARD_ADDRESSES the auth server is told the visitor's address, so that its limits count by visitor and not by this
 * app. It believes nobody who has no secret key, so that goes along.
 */
export function askingFor(headers: Pick<Headers, "get">, settings: AskingSettings): Asking {
  const { FORWARD_ADDRESSES, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY } = settings;
  const address = peerAddress(headers);
  if (FORWARD_ADDRESSES === "off" || SUPABASE_SECRET_KEY === undefined || isIP(address) === 0) {
    return { apiKey: SUPABASE_PUBLISHABLE_KEY, headers: {} };
  }
  return { apiKey: SUPABASE_SECRET_KEY, headers: { "sb-forwarded-for": address } };
}
