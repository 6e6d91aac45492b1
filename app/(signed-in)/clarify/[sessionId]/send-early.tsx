import "server-only";
import { headers } from "next/headers";
import { sendEarlyScript } from "@/components/conversation/composer/send-early";
import { nonceIn, POLICY } from "@/server/security-headers";

/** Lets the person send messages before the page's scripts have arrived. For pages that the browser loads as a whole. */
export async function SendEarly() {
  return (
    <script
      nonce={nonceIn((await headers()).get(POLICY))}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: the script is our own
      dangerouslySetInnerHTML={{ __html: sendEarlyScript() }}
      // Browsers hide the nonce.
      suppressHydrationWarning
    />
  );
}
