"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useWords } from "@/components/words/words";
import { IconButton } from "./button";
import { useHydrated } from "./hydration";
import { useToast } from "./toasts";

/** Copies a text, and confirms it. Browsers have a clipboard only over HTTPS; without one there is no button. */
export function CopyButton({ label, text, className }: { label: string; text: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  const toast = useToast();
  const hydrated = useHydrated();
  const { common } = useWords();

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);

  if (!hydrated || navigator.clipboard === undefined) return null;

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast({ text: common.copyFailed, urgent: true });
    }
  }

  return (
    <IconButton label={copied ? common.copied : label} onClick={copy} {...(className !== undefined && { className })}>
      {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
    </IconButton>
  );
}
