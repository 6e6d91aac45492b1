import type { ReactNode } from "react";
import { useId, useState } from "react";
import { classNames } from "./class-names";

interface HintProps {
  text: ReactNode;
  /** Renders the explained element, with the id of its explanation. */
  children: (describedBy: string) => ReactNode;
}

/** Explains an element while it is hovered or focused. Escape hides the explanation. */
export function Hint({ text, children }: HintProps) {
  const id = useId();
  const [dismissed, setDismissed] = useState(false);
  const appear = () => setDismissed(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the control inside is what is reached; this only listens
    <span
      className="group/hint relative inline-flex"
      onPointerEnter={appear}
      onFocus={appear}
      onKeyDown={(event) => event.key === "Escape" && setDismissed(true)}
    >
      {children(id)}
      <span
        role="tooltip"
        id={id}
        className={classNames(
          "invisible absolute start-0 bottom-full z-10 w-60 pb-1.5",
          !dismissed && "group-focus-within/hint:visible group-hover/hint:visible",
        )}
      >
        <span className="block rounded-lg bg-ink px-3 py-2 text-paper text-xs leading-5 shadow-lift">{text}</span>
      </span>
    </span>
  );
}
