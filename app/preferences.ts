import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import type { Theme } from "@/components/appearance/theme";
import { isTheme, THEME_COOKIE } from "@/components/appearance/theme";
import { TIME_ZONE_COOKIE } from "@/components/appearance/time-zone-cookie";
import { en } from "@/components/words/en";
import { he } from "@/components/words/he";
import type { Language } from "@/components/words/language";
import { isLanguage, LANGUAGE_COOKIE, languageOf } from "@/components/words/language";
import type { Words } from "@/components/words/speech";
import { timeZone } from "@/server/input";

const WORDS: Record<Language, Words> = { en, he };

/**
 * The person's choices for this browser. The default language is the browser's. The language that is stored with an account is copied
 * to the browser by the first page that reads the account, so that no page waits for the database.
 */
export const readPreferences = cache(async (): Promise<{ theme: Theme; language: Language; words: Words }> => {
  const jar = await cookies();
  const theme = jar.get(THEME_COOKIE)?.value;
  const chosen = jar.get(LANGUAGE_COOKIE)?.value;
  const language = isLanguage(chosen) ? chosen : languageOf((await headers()).get("accept-language"));
  return { theme: isTheme(theme) ? theme : "system", language, words: WORDS[language] };
});

/** The time zone that the browser told; UTC if it has told none. */
export async function readTimeZone(): Promise<string> {
  const told = (await cookies()).get(TIME_ZONE_COOKIE)?.value;
  return timeZone.catch("UTC").parse(told);
}

/** The title of a page, in the language of the page. */
export function titled(title: (words: Words) => string) {
  return async () => ({ title: title((await readPreferences()).words) });
}
