import type { Theme } from "./theme";
import { PAPER, THEME_COOKIE } from "./theme";

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Stores something about this browser in a cookie, which the server reads before it renders a page. */
export function keepChoice(cookie: string, value: string): void {
  const secure = window.location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: Not every browser has a CookieStore.
  document.cookie = `${cookie}=${value}; path=/; max-age=${YEAR_SECONDS}; samesite=lax${secure}`;
}

/** Applies a theme at once, and stores it. */
export function chooseTheme(theme: Theme): void {
  keepChoice(THEME_COOKIE, theme);
  document.documentElement.dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const own = meta.media.includes("dark") ? "dark" : "light";
    meta.content = PAPER[theme === "system" ? own : theme];
  }
}
