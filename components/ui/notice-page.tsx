"use client";

import type { ReactNode } from "react";
import { AUTH_UNREACHABLE_DIGEST } from "@/server/auth/unreachable";
import { Button } from "./button";
import { readDigest } from "./digest";
import { MirrorMark } from "./mirror-mark";

/** A page, or the middle of one, that has one thing to say and a way onward. */
export function NoticePage({ title, children, actions }: { title: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex h-full min-h-80 flex-1 flex-col items-center justify-center px-6 py-16 text-center">
      <MirrorMark className="mb-6 size-12 text-water" />
      <h1 className="text-2xl">{title}</h1>
      <div className="mt-3 max-w-md text-pretty text-ink-soft leading-7">{children}</div>
      {actions !== undefined && <div className="mt-8 flex flex-wrap justify-center gap-3">{actions}</div>}
    </div>
  );
}

/** The page broke; the number leads whoever looks into it to the server's own record. */
export function ErrorNotice({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = readDigest(error);
  const away = digest === AUTH_UNREACHABLE_DIGEST;
  return (
    <NoticePage
      title={away ? "Sign-in cannot be reached" : "Something broke on our side"}
      actions={
        <Button look="primary" onClick={retry}>
          Try again
        </Button>
      }
    >
      <p>What you have written is safe. Please try again in a moment.</p>
      {digest !== null && !away && <p className="mt-3 text-sm">Reference: {digest}</p>}
    </NoticePage>
  );
}
