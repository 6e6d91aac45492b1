"use client";

import type { ReactNode } from "react";
import { createContext, useContext, useMemo } from "react";
import type { Language } from "./language";
import type { Speech, Words } from "./speech";
import { createSpeech } from "./speech";

const SpeechContext = createContext<Speech | null>(null);

interface WordsProviderProps {
  language: Language;
  /** The texts of this language only. The server sends them with the page. */
  words: Words;
  children: ReactNode;
}

export function WordsProvider({ language, words, children }: WordsProviderProps) {
  const speech = useMemo(() => createSpeech(language, words), [language, words]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

/** The language of the page, with its texts. */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === null) throw new Error("useSpeech needs <WordsProvider> above it");
  return speech;
}

/** The words of the page's language. */
export function useWords(): Words {
  return useSpeech().words;
}
