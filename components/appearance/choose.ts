import type { Theme } from "./theme";
import { PAPER, THEME_COOKIE } from "./theme";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Keeps a choice of this browser where the server finds it before it draws a page. */
export function keepChoice(cookie: string, value: string): void {
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: Not every browser has a CookieStore.
  document.cookie = `${cookie}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
}

/** Shows a theme at once, and from now on. */
export function chooseTheme(theme: Theme): void {
  keepChoice(THEME_COOKIE, theme);
  document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const own = meta.media.includes("dark") ? "dark" : "light";
    meta.content = PAPER[theme === "system" ? own : theme];
  }
}
