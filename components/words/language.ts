/** The languages of the interface. Each has one file of words in this folder. */
export const LANGUAGES = ["en", "he"] as const;

export type Language = (typeof LANGUAGES)[number];

/** The name of a language in itself, its direction, and its format of dates and numbers. */
export const LANGUAGE_FACTS: Record<Language, { name: string; dir: "ltr" | "rtl"; locale: string }> = {
  en: { name: "English", dir: "ltr", locale: "en-GB" },
  he: { name: "עברית", dir: "rtl", locale: "he" },
};

/** The cookie that stores the language. */
export const LANGUAGE_COOKIE = "clarify-language";

export function isLanguage(name: unknown): name is Language {
  return LANGUAGES.some((language) => language === name);
}

/** The first of our languages in a browser's `Accept-Language`, by the browser's order; English if there is none. */
export function languageOf(acceptLanguage: string | null): Language {
  const asked = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map((entry) => {
      const [tag = "", ...parameters] = entry.trim().toLowerCase().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      // "iw" was the code of Hebrew before 1989, and some browsers still use it.
      const [primary = ""] = tag.trim().split("-");
      return { language: primary === "iw" ? "he" : primary, quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return asked.map(({ language }) => language).find(isLanguage) ?? "en";
}
