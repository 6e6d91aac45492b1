import { isIP } from "node:net";
import { peerAddress } from "./sign-in-limit";

interface AskingSettings {
  FORWARD_ADDRESSES: "on" | "off";
  SUPABASE_PUBLISHABLE_KEY: string;
  SUPABASE_SECRET_KEY?: string | undefined;
}

/** The key and the headers with which the auth server is asked on behalf of a visitor. */
export interface Asking {
  apiKey: string;
  headers: Record<string, string>;
}

/**
 * With FORWARD_ADDRESSES, the auth server gets the visitor's address, so that its limits count per visitor and not for this
 * app as a whole. It accepts the address only together with a secret key.
 */
export function askingFor(headers: Pick<Headers, "get">, settings: AskingSettings): Asking {
  const { FORWARD_ADDRESSES, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY } = settings;
  const address = peerAddress(headers);
  if (FORWARD_ADDRESSES === "off" || SUPABASE_SECRET_KEY === undefined || isIP(address) === 0) {
    return { apiKey: SUPABASE_PUBLISHABLE_KEY, headers: {} };
  }
  return { apiKey: SUPABASE_SECRET_KEY, headers: { "sb-forwarded-for": address } };
}
