"use client";

import { Feather, MessagesSquare, Sunrise } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { classNames } from "@/components/ui/class-names";
import { useWarmPage } from "@/components/warm/use-warm";
import { useWords } from "@/components/words/words";
import { onIntent } from "@/server/context/react";

const PAGES = [
  { segment: "clarify", name: "conversations", Icon: MessagesSquare },
  { segment: "dreams", name: "dreams", Icon: Sunrise },
  { segment: "reflections", name: "reflections", Icon: Feather },
] as const;

/** The links to the main pages, in a row, or on wide screens in a column beside the page. */
export function MainNav() {
  const [, current] = usePathname().split("/");
  const warm = useWarmPage();
  const { navigation } = useWords();
  return (
    <nav aria-label={navigation.pages} className="shrink-0 px-3">
      <ul className="flex flex-wrap gap-0.5 lg:flex-col">
        {PAGES.map(({ segment, name, Icon }) => (
          <li key={segment}>
            <Link
              href={`/${segment}`}
              prefetch={false}
              aria-current={current === segment ? "page" : undefined}
              {...onIntent(() => warm(segment))}
              className={classNames(
                "flex min-h-10 items-center gap-2.5 rounded-xl px-2.5 text-sm transition-colors lg:min-h-9 lg:px-3",
                current === segment
                  ? "bg-shade font-medium text-ink"
                  : "text-ink-soft hover:bg-shade/60 hover:text-ink",
              )}
            >
              <Icon aria-hidden className="hidden size-4 shrink-0 lg:block" />
              {navigation[name]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
