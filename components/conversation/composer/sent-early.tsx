const FILLED_BY_SCRIPT = { __html: "" };

/** The place of messages that were sent before hydration, until the conversation shows them. See `send-early.ts`. */
export function SentEarly() {
  return (
    <div
      data-sent-early
      className="flex flex-col items-end gap-3 pb-3 empty:hidden [&>p]:max-w-[88%] [&>p]:whitespace-pre-wrap [&>p]:rounded-2xl [&>p]:rounded-ee-md [&>p]:border [&>p]:border-line [&>p]:bg-sheet [&>p]:px-4 [&>p]:py-2.5 [&>p]:leading-7 [&>p]:[overflow-wrap:anywhere]"
      // Hydration leaves the content of such an element alone.
      // biome-ignore lint/security/noDangerouslySetInnerHtml: it is empty
      dangerouslySetInnerHTML={FILLED_BY_SCRIPT}
      suppressHydrationWarning
    />
  );
}
