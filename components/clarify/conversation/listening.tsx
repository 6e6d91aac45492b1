/** Water that has been touched: the reply has not begun yet. */
export function Listening() {
  return (
    <div className="flex h-[1.875rem] flex-col justify-center gap-1.5" data-testid="reply-waiting">
      <span className="sr-only">Clarify is about to answer.</span>
      <span aria-hidden className="h-0.5 w-12 animate-ripple rounded-full bg-water" />
      <span aria-hidden className="ms-2 h-0.5 w-8 animate-ripple rounded-full bg-water [animation-delay:300ms]" />
    </div>
  );
}
