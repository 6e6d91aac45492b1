"use client";

import * as Tooltip from "radix-ui/tooltip";
import type { ReactNode } from "react";

/** Explains its child on hover and on focus. The child must be focusable. */
export function Hint({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Provider delayDuration={150}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content
            sideOffset={6}
            collisionPadding={8}
            className="z-[60] max-w-64 animate-settle rounded-lg bg-ink px-3 py-2 text-paper text-xs leading-5 shadow-lift"
          >
            {text}
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
