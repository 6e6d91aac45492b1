/** The sun of the mark comes up over its water. */
export function RisingSun() {
  return (
    <svg viewBox="0 0 120 76" aria-hidden="true" fill="none" className="h-24 w-40 text-water">
      <clipPath id="above-the-water">
        <rect width="120" height="50" />
      </clipPath>
      <g clipPath="url(#above-the-water)">
        <g className="animate-rise">
          <circle cx="60" cy="50" r="21" fill="currentColor" />
        </g>
        <g stroke="var(--lamp)" strokeWidth="2" strokeLinecap="round" className="animate-glow">
          <path d="M60 22V13M79.8 30.2l6.4-6.4M40.2 30.2l-6.4-6.4M88 44h8M32 44h-8" />
        </g>
      </g>
      <Water />
    </svg>
  );
}

/** A paper boat leaves over the same water. */
export function DriftingBoat() {
  return (
    <svg viewBox="0 0 120 76" aria-hidden="true" fill="none" className="h-24 w-40 text-water">
      <g className="animate-drift">
        <path d="M46 36h28l-6 12H52z" fill="currentColor" />
        <path d="M60 18v18h12z" fill="currentColor" opacity=".55" />
      </g>
      <Water />
    </svg>
  );
}

function Water() {
  return (
    <path
      d="M20 53.5h80M32 61.5h56M44 69.5h32"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
      opacity=".6"
    />
  );
}
