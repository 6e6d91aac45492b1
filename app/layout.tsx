import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { PAPER } from "@/components/appearance/theme";
import { LANGUAGE_FACTS } from "@/components/words/language";
import { WordsProvider } from "@/components/words/words";
import { getDeps } from "@/server/deps";
import { readPreferences } from "./preferences";
import "./globals.css";

export async function generateMetadata(): Promise<Metadata> {
  const { words } = await readPreferences();
  return { title: { default: "Clarify", template: "%s · Clarify" }, description: words.app.description };
}

export async function generateViewport(): Promise<Viewport> {
  const { theme } = await readPreferences();
  return {
    // The keyboard of a phone shrinks the page instead of covering the composer.
    interactiveWidget: "resizes-content",
    themeColor: [
      { media: "(prefers-color-scheme: light)", color: PAPER[theme === "system" ? "light" : theme] },
      { media: "(prefers-color-scheme: dark)", color: PAPER[theme === "system" ? "dark" : theme] },
    ],
  };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // No page is rendered ahead of its request, because its scripts carry the nonce of one answer.
  await connection();
  const { theme, language, words } = await readPreferences();
  return (
    <html lang={language} dir={LANGUAGE_FACTS[language].dir} data-theme={theme} data-build={getDeps().buildId}>
      <body>
        <WordsProvider language={language} words={words}>
          {children}
        </WordsProvider>
      </body>
    </html>
  );
}
