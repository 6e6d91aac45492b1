import { X } from "lucide-react";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { Button, buttonClass, IconButton } from "@/components/ui/button";
import { useWords } from "@/components/words/words";
import type { Dream } from "@/server/dreams/dream";

const MOMENTS = {
  achieved: { Picture: RisingSun, heading: "achievedHeading", text: "achievedText" },
  released: { Picture: DriftingBoat, heading: "releasedHeading", text: "releasedText" },
} as const;

interface MomentProps {
  dream: Dream;
  status: keyof typeof MOMENTS;
  onUndo: () => void;
  onClose: () => void;
}

/** Shown in place of a dream that was achieved or released, until the person dismisses it. */
export function Moment({ dream, status, onUndo, onClose }: MomentProps) {
  const { dreams, common } = useWords();
  const { Picture, ...said } = MOMENTS[status];
  const heading = dreams[said.heading];
  const region = useRef<HTMLElement>(null);
  useEffect(() => region.current?.focus(), []);

  return (
    <li>
      <section
        ref={region}
        tabIndex={-1}
        aria-label={`${heading} ${dream.title}`}
        data-testid="moment"
        data-status={status}
        onKeyDown={(event) => event.key === "Escape" && onClose()}
        className="relative flex animate-settle flex-col items-center rounded-2xl bg-water-wash px-6 pt-8 pb-6 text-center outline-none"
      >
        <IconButton label={common.close} onClick={onClose} className="absolute end-1.5 top-1.5 hover:bg-paper/60">
          <X aria-hidden />
        </IconButton>
        <Picture />
        <p className="mt-4 font-serif text-2xl">{heading}</p>
        <p dir="auto" className="mt-1 max-w-md font-serif text-lg italic leading-8 [overflow-wrap:anywhere]">
          {dream.title}
        </p>
        <p className="mt-2 max-w-sm text-pretty text-sm leading-6">{dreams[said.text]}</p>
        <div className="mt-5 flex flex-wrap justify-center gap-2">
          <Link href={`/reflections?dream=${dream.id}`} prefetch={false} className={buttonClass("primary")}>
            {dreams.writeAboutIt}
          </Link>
          <Button look="quiet" onClick={onUndo}>
            {status === "achieved" ? dreams.notYet : common.keepIt}
          </Button>
        </div>
      </section>
    </li>
  );
}

/** The sun of the mark rises over its water. */
function RisingSun() {
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
function DriftingBoat() {
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
