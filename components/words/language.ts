/** The languages of the interface. Each has one file of words beside this one. */
export const LANGUAGES = ["en", "he"] as const;

export type Language = (typeof LANGUAGES)[number];

/** What a language calls itself, which way it is written, and how its dates and numbers look. */
export const LANGUAGE_FACTS: Record<Language, { name: string; dir: "ltr" | "rtl"; locale: string }> = {
  en: { name: "English", dir: "ltr", locale: "en-GB" },
  he: { name: "עברית", dir: "rtl", locale: "he" },
};

/** The cookie in which a browser keeps what its person chose. */
export const LANGUAGE_COOKIE = "clarify-language";

export function isLanguage(name: unknown): name is Language {
  return LANGUAGES.some((language) => language === name);
}

/** The first of ours that a browser asks for in its `Accept-Language`, by its own order; English where it asks for none. */
export function languageOf(acceptLanguage: string | null): Language {
  const asked = (acceptLanguage ?? "")
    .slice(0, 500)
    .split(",")
    .map((entry) => {
      const [tag = "", ...parameters] = entry.trim().toLowerCase().split(";");
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      // "iw" is what Hebrew was called before 1989, and what some browsers still call it.
      const [primary = ""] = tag.trim().split("-");
      return { language: primary === "iw" ? "he" : primary, quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return asked.map(({ language }) => language).find(isLanguage) ?? "en";
}
