/** The theme of the page: the system's, or the one that the person has chosen for this browser. */
export const THEMES = ["system", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

/** The cookie that stores the theme. */
export const THEME_COOKIE = "clarify-theme";

export function isTheme(name: unknown): name is Theme {
  return THEMES.some((theme) => theme === name);
}

/** The paper colour, for what the browser draws around the page. */
export const PAPER = { light: "#f6f2e9", dark: "#171613" } as const;
