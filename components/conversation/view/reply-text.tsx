import type { ComponentType } from "react";
import { loadedBeside } from "@/components/ui/loaded-beside";
import { writtenText } from "@/components/words/text-language";
import type { MarkdownProps } from "./markdown";

/** The renderer of replies; one for plain text if it cannot be loaded. */
export const useRenderer = loadedBeside<ComponentType<MarkdownProps>>(
  async () => (await import("./markdown")).default,
  PlainText,
);

/** A reply's text. It is plain until the renderer is loaded. */
export function ReplyText({ text, growing }: MarkdownProps) {
  const Renderer = useRenderer() ?? PlainText;
  return (
    <div className="prose-mirror" data-testid="reply-text">
      <Renderer text={text} growing={growing} />
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
