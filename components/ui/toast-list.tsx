"use client";

import { X } from "lucide-react";
import * as Toast from "radix-ui/toast";
import { useWords } from "@/components/words/words";
import type { ToastListProps } from "./toasts";

/** Toasts that close by themselves, except while they are hovered or focused. */
export default function ToastList({ toasts, onClose }: ToastListProps) {
  const { common } = useWords();
  return (
    <Toast.Provider swipeDirection="up">
      {toasts.map(({ key, text, urgent, action, durationMs }) => (
        <Toast.Root
          key={key}
          type={urgent === true ? "foreground" : "background"}
          duration={durationMs ?? 6_000}
          onOpenChange={(open) => !open && onClose(key)}
          className="flex animate-settle items-center gap-2 rounded-xl bg-ink py-2.5 ps-4 pe-2 forced-colors:border text-paper text-sm shadow-lift"
        >
          <Toast.Description className="flex-1">{text}</Toast.Description>
          {action !== undefined && (
            <Toast.Action
              altText={action.label}
              onClick={action.run}
              className="-my-1 min-h-11 rounded-lg px-3 font-semibold underline decoration-1 underline-offset-4 hover:decoration-2 focus-visible:outline-paper"
            >
              {action.label}
            </Toast.Action>
          )}
          <Toast.Close
            aria-label={common.close}
            title={common.close}
            className="-my-1 inline-flex size-11 shrink-0 items-center justify-center rounded-lg focus-visible:outline-paper"
          >
            <X aria-hidden className="size-4" />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport className="fixed inset-x-4 top-16 z-[70] mx-auto flex max-w-md flex-col gap-2 outline-none print:hidden" />
    </Toast.Provider>
  );
}
