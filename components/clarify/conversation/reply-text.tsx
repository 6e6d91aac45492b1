"use client";

import { lazy, Suspense, useEffect } from "react";

const loadMarkdown = () => import("./markdown");
const Markdown = lazy(loadMarkdown);

/** A reply's text. Until the renderer is here, the plain words are. */
export function ReplyText({ text }: { text: string }) {
  return (
    <div className="prose-mirror" data-testid="reply-text">
      <Suspense
        fallback={
          <p dir="auto" className="whitespace-pre-wrap">
            {text}
          </p>
        }
      >
        <Markdown text={text} />
      </Suspense>
    </div>
  );
}

/** Fetches the renderer before the first reply needs it. */
export function useMarkdownAhead() {
  useEffect(() => void loadMarkdown(), []);
}
