import { useRouter } from "next/navigation";
import { useCallback, useEffect } from "react";
import { accountQuery, useAccount } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import type { Language } from "@/components/words/language";
import { isLanguage, LANGUAGE_COOKIE } from "@/components/words/language";
import { useSpeech } from "@/components/words/words";
import { keepChoice } from "./choose";

/** Switches the page to the language of the account, which may have been chosen on another device. */
export function AccountLanguage() {
  const chosen = useAccount().data?.language;
  const { language } = useSpeech();
  const router = useRouter();
  useEffect(() => {
    if (!isLanguage(chosen) || chosen === language) return;
    keepChoice(LANGUAGE_COOKIE, chosen);
    router.refresh();
  }, [chosen, language, router]);
  return null;
}

/** Stores the language with the account. `AccountLanguage` then switches the page. */
export function useChooseLanguage(): (language: Language) => Promise<void> {
  const { client } = trpc.useUtils();
  const write = useWriteCached();
  const showError = useErrorToast();
  const chosen = useAccount().data?.language;
  const { language: shown } = useSpeech();
  return useCallback(
    async (language) => {
      const { queryKey } = accountQuery(client);
      const show = (language: string) => write(queryKey, (account) => account && { ...account, language });
      show(language);
      try {
        await client.account.update.mutate({ language });
      } catch (error) {
        show(chosen ?? shown);
        showError(error);
      }
    },
    [client, write, showError, chosen, shown],
  );
}
