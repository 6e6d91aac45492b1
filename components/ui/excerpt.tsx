import type { ExcerptPart } from "@/server/sessions/excerpt";

/** An excerpt with the matches of a search marked. */
export function Excerpt({ parts }: { parts: readonly ExcerptPart[] }) {
  return parts.map(({ text, found }, index) =>
    found ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of an excerpt never change places
      <mark key={index} className="rounded-sm bg-lamp-wash text-ink">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
