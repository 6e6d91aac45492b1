import { useEffect } from "react";
import { useToast } from "@/components/ui/toasts";
import { useSpeech } from "@/components/words/words";
import { FOLLOWED_COOKIE } from "./followed-cookie";

/** Says once, after somebody followed a link, whose account they are in. It stays until it is dismissed. */
export function SignedInAs({ email }: { email: string }) {
  const toast = useToast();
  const { fill, words } = useSpeech();
  useEffect(() => {
    if (!document.cookie.split("; ").includes(`${FOLLOWED_COOKIE}=1`)) return;
    // biome-ignore lint/suspicious/noDocumentCookie: Not every browser has a CookieStore.
    document.cookie = `${FOLLOWED_COOKIE}=; path=/; max-age=0; samesite=lax`;
    toast({ text: fill(words.signIn.signedInAs, { email }), durationMs: Number.POSITIVE_INFINITY });
  }, [toast, fill, words, email]);
  return null;
}
