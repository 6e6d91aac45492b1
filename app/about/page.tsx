import { headers } from "next/headers";
import { AboutPage } from "@/components/about/about-page";
import { ABOUT_WORDS } from "@/components/about/about-words";
import { createSpeech } from "@/components/words/speech";
import { getDeps } from "@/server/deps";
import { linesFor } from "@/server/safety/crisis-lines";
import { isDemoAvailable } from "../current-user";
import { readPreferences } from "../preferences";

export async function generateMetadata() {
  return { title: ABOUT_WORDS[(await readPreferences()).language].page };
}

/** Also for visitors who are not signed in. */
export default async function About() {
  const { env, voice, learning, retentionDays } = getDeps();
  const { language, words } = await readPreferences();
  const browser = (await headers()).get("accept-language") ?? "";
  const spoken = browser
    .slice(0, 500)
    .split(",")
    .map((entry) => entry.split(";")[0]?.trim() ?? "");
  const facts = {
    model: voice.kind === "model" ? { name: voice.model, provider: providerOf(env.ANTHROPIC_BASE_URL) } : null,
    embedded: env.EMBEDDED_STACK === "on",
    learns: learning === "ready",
    retentionDays,
    demo: isDemoAvailable(),
  };
  return (
    <AboutPage
      facts={facts}
      lines={linesFor({ languages: [language, ...spoken] })}
      words={ABOUT_WORDS[language]}
      speech={createSpeech(language, words)}
    />
  );
}

/** Who gets the words: Anthropic, or whatever answers at another address. */
function providerOf(baseUrl: string | undefined): string {
  return baseUrl === undefined ? "Anthropic" : new URL(baseUrl).host;
}
