"use client";

import { setNonce } from "get-nonce";
import { X } from "lucide-react";
import * as Dialog from "radix-ui/dialog";
import type { ReactNode } from "react";
import { useState } from "react";
import { useWords } from "@/components/words/words";
import { IconButton } from "./button";
import { classNames } from "./class-names";

const SIDES = {
  left: "inset-y-0 start-0 w-[min(20rem,88vw)] border-e",
  right: "inset-y-0 end-0 w-[min(24rem,100vw)] border-s",
} as const;

interface SheetProps {
  onClose: () => void;
  side: keyof typeof SIDES;
  title: string;
  children: ReactNode;
}

/** A panel that slides over the page and holds the focus while it is open. */
export default function Sheet({ onClose, side, title, children }: SheetProps) {
  const { common } = useWords();
  const [opener] = useState(() => {
    allowOwnStyles();
    return document.activeElement;
  });

  function giveFocusBack(event: Event) {
    event.preventDefault();
    if (opener instanceof HTMLElement) opener.focus();
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 animate-late bg-veil print:hidden" />
        <Dialog.Content
          aria-describedby={undefined}
          onCloseAutoFocus={giveFocusBack}
          onEscapeKeyDown={(event) => keepsEscape(event.target) && event.preventDefault()}
          className={classNames(
            "fixed z-50 flex animate-settle flex-col border-line bg-paper shadow-lift outline-none",
            SIDES[side],
          )}
        >
          <div className="flex items-center justify-between gap-2 py-2 ps-5 pe-2">
            <Dialog.Title className="font-serif text-lg">{title}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton label={common.close}>
                <X aria-hidden />
              </IconButton>
            </Dialog.Close>
          </div>
          <div className="flex min-h-0 flex-1 flex-col short:overflow-y-auto">{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/**
 * While a sheet is open, a style element of its library keeps the page behind it from scrolling. The policy of the page allows only
 * elements with its nonce.
 */
function allowOwnStyles(): void {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  if (nonce) setNonce(nonce);
}

/** Whether a field handles Escape itself, marked by `data-keeps-escape`. */
function keepsEscape(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && "keepsEscape" in target.dataset;
}
