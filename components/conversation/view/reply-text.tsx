"use client";

import { lazy, Suspense, useEffect } from "react";
import { writtenText } from "@/components/words/text-language";

const loadMarkdown = () => import("./markdown");
const Markdown = lazy(() => loadMarkdown().catch(() => ({ default: PlainText })));

/** A reply's text. It is plain until the renderer is loaded, or if loading fails. */
export function ReplyText({ text, growing }: { text: string; growing: boolean }) {
  return (
    <div className="prose-mirror" data-testid="reply-text">
      <Suspense fallback={<PlainText text={text} />}>
        <Markdown text={text} growing={growing} />
      </Suspense>
    </div>
  );
}

function PlainText({ text }: { text: string }) {
  return (
    <p {...writtenText(text)} className="whitespace-pre-wrap">
      {text}
    </p>
  );
}

/** Loads the renderer before the first reply needs it. */
export function useMarkdownAhead() {
  useEffect(() => {
    loadMarkdown().catch(() => {});
  }, []);
}
