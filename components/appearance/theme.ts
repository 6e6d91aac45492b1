/** How the page looks: as the system does, or as the person has chosen for this browser. */
export const THEMES = ["system", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

/** The cookie in which a browser keeps what its person chose. */
export const THEME_COOKIE = "clarify-theme";

export function isTheme(name: unknown): name is Theme {
  return THEMES.some((theme) => theme === name);
}

/** The colour of the paper, for what the browser draws around the page. */
export const PAPER = { light: "#f6f2e9", dark: "#171613" } as const;
