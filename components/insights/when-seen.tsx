import type { ReactNode } from "react";
import { startTransition, useEffect, useRef, useState } from "react";

/** Renders its content once it is about to come into view. Drawing all charts at once would block a slow machine for seconds. */
export function WhenSeen({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);

  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        startTransition(() => setSeen(true));
      },
      { rootMargin: "200px" },
    );
    if (place.current !== null) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);

  return (
    <div ref={place} className="h-full">
      {seen && children}
    </div>
  );
}
