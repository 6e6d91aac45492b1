import type { MetadataRoute } from "next";
import { PAPER } from "@/components/appearance/theme";
import { LANGUAGE_FACTS } from "@/components/words/language";
import { readPreferences } from "./preferences";

/** What a browser needs to install Clarify. */
export default async function manifest(): Promise<MetadataRoute.Manifest> {
  const { theme, language, words } = await readPreferences();
  const paper = PAPER[theme === "dark" ? "dark" : "light"];
  return {
    name: "Clarify",
    short_name: "Clarify",
    description: words.app.description,
    lang: language,
    dir: LANGUAGE_FACTS[language].dir,
    id: "/clarify",
    start_url: "/clarify",
    scope: "/",
    display: "standalone",
    background_color: paper,
    theme_color: paper,
    icons: [
      { src: "/icon.svg", type: "image/svg+xml", sizes: "any", purpose: "any" },
      { src: "/icons/192.png", type: "image/png", sizes: "192x192", purpose: "any" },
      { src: "/icons/512.png", type: "image/png", sizes: "512x512", purpose: "any" },
      { src: "/icons/maskable-512.png", type: "image/png", sizes: "512x512", purpose: "maskable" },
    ],
  };
}
