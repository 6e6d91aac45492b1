import { Sparkle } from "lucide-react";
import Link from "next/link";
import type { CreatedDream } from "@/server/conversation/events";

/** The dreams that a reply kept for the person. */
export function KeptDreams({ dreams }: { dreams: readonly CreatedDream[] }) {
  if (dreams.length === 0) return null;
  return (
    <ul className="mt-3 flex flex-col gap-2">
      {dreams.map(({ id, title }) => (
        <li
          key={id}
          data-testid="kept-dream"
          className="flex items-baseline gap-2.5 rounded-xl bg-water-wash px-4 py-2.5 text-sm leading-6"
        >
          <Sparkle aria-hidden className="size-3.5 shrink-0 translate-y-0.5 text-water" />
          <span>
            Kept as a dream:{" "}
            <Link
              href={`/dreams#${id}`}
              prefetch={false}
              className="underline decoration-edge underline-offset-4 hover:decoration-current"
            >
              <bdi className="font-serif">{title}</bdi>
            </Link>
          </span>
        </li>
      ))}
    </ul>
  );
}
