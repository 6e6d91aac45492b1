/** The app's mark: a sun over still water, and its reflection. */
export function MirrorMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" className={className} fill="none">
      <path d="M7 15a9 9 0 0 1 18 0z" fill="currentColor" />
      <path
        d="M9 19h14M12 22.8h8M14.6 26.6h2.8"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        opacity=".6"
      />
    </svg>
  );
}
