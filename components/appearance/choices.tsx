import { useState } from "react";
import { StatusSwitch } from "@/components/ui/status-switch";
import { LANGUAGE_FACTS, LANGUAGES } from "@/components/words/language";
import { useSpeech } from "@/components/words/words";
import { useChooseLanguage } from "./account-language";
import { chooseTheme } from "./choose";
import { isTheme, THEMES } from "./theme";

/** The choice of theme, for this browser, and of language, for the account. Renders in the browser only. */
export function Choices() {
  const { words, language } = useSpeech();
  const chooseLanguage = useChooseLanguage();
  const [theme, setTheme] = useState(() => {
    const { theme: shown } = document.documentElement.dataset;
    return isTheme(shown) ? shown : "system";
  });
  return (
    <div className="flex flex-col gap-4">
      <Choice label={words.account.theme}>
        <StatusSwitch
          label={words.account.theme}
          options={THEMES.map((status) => ({ status, label: words.account.themes[status] }))}
          chosen={theme}
          onChoose={(chosen) => {
            setTheme(chosen);
            chooseTheme(chosen);
          }}
        />
      </Choice>
      <Choice label={words.account.language}>
        <StatusSwitch
          label={words.account.language}
          options={LANGUAGES.map((status) => ({ status, label: LANGUAGE_FACTS[status].name }))}
          chosen={language}
          onChoose={(chosen) => void chooseLanguage(chosen)}
        />
      </Choice>
    </div>
  );
}

function Choice({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
      <span aria-hidden className="text-ink-soft">
        {label}
      </span>
      {children}
    </div>
  );
}
