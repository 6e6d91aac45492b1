import Markdown from "./markdown";

/** A reply's text. */
export function ReplyText({ text, growing }: { text: string; growing: boolean }) {
  return (
    <div className="prose-mirror" data-testid="reply-text">
      <Markdown text={text} growing={growing} />
    </div>
  );
}
