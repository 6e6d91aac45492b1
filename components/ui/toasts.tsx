"use client";

import type { ReactNode } from "react";
import { createContext, lazy, Suspense, useCallback, useContext, useEffect, useState } from "react";
import { useWords } from "@/components/words/words";
import { Button } from "./button";

interface ToastMessage {
  text: string;
  /** Whether it reports a failure. Screen readers read it out at once. */
  urgent?: boolean;
  action?: { label: string; run: () => void };
  durationMs?: number;
}

export interface ToastListProps {
  toasts: readonly (ToastMessage & { key: number })[];
  onClose: (key: number) => void;
}

const loadList = () => import("./toast-list");
const ToastList = lazy(() => loadList().catch(() => ({ default: PlainList })));

const ShowToast = createContext<(message: ToastMessage) => void>(() => {
  throw new Error("useToast needs <Toasts> above it");
});

/** Shows a short message above the page. */
export function useToast() {
  return useContext(ShowToast);
}

export function Toasts({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<ToastListProps["toasts"]>([]);
  /** From the first toast on the list stays, because it gives the focus back when a toast closes. */
  const [needed, setNeeded] = useState(false);

  // Before the first toast, which may say that the connection was lost.
  useEffect(() => {
    loadList().catch(() => {});
  }, []);

  const show = useCallback((message: ToastMessage) => {
    setNeeded(true);
    setShown((before) => [...before.slice(-2), { ...message, key: (before.at(-1)?.key ?? 0) + 1 }]);
  }, []);

  function close(key: number) {
    setShown((before) => before.filter((toast) => toast.key !== key));
  }

  return (
    <ShowToast value={show}>
      {children}
      {needed && (
        <Suspense fallback={null}>
          <ToastList toasts={shown} onClose={close} />
        </Suspense>
      )}
    </ShowToast>
  );
}

/** Takes the place of the list if its code cannot be loaded. Its toasts stay until they are closed. */
function PlainList({ toasts, onClose }: ToastListProps) {
  const { common } = useWords();
  return (
    <div role="alert" className="fixed inset-x-4 top-16 z-[70] mx-auto flex max-w-md flex-col gap-2 print:hidden">
      {toasts.map(({ key, text, action }) => (
        <div key={key} className="flex items-center gap-2 rounded-xl bg-sheet px-4 py-2.5 text-sm shadow-lift">
          <p className="flex-1">{text}</p>
          {action !== undefined && (
            <Button
              look="quiet"
              onClick={() => {
                action.run();
                onClose(key);
              }}
            >
              {action.label}
            </Button>
          )}
          <Button look="quiet" onClick={() => onClose(key)}>
            {common.close}
          </Button>
        </div>
      ))}
    </div>
  );
}
