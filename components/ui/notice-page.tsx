"use client";

import type { ReactNode } from "react";
import { useEffect } from "react";
import { recoverFromOldBuild } from "@/components/build/page-build";
import { useSpeech } from "@/components/words/words";
import { AUTH_UNREACHABLE_DIGEST } from "@/server/auth/unreachable";
import { Button } from "./button";
import { readDigest } from "./digest";
import { MirrorMark } from "./mirror-mark";

/** A page, or the middle of one, with a single message and a link. */
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

/** Shown when the page failed. The number identifies the error in the server's log. */
export function ErrorNotice({ error, retry }: { error: unknown; retry: () => void }) {
  const { words, fill } = useSpeech();
  const digest = readDigest(error);
  useEffect(() => {
    // A page that is older than the server asks for code or a Server Action that no longer exists.
    if (digest === null) void recoverFromOldBuild();
  }, [digest]);
  const away = digest === AUTH_UNREACHABLE_DIGEST;
  return (
    <NoticePage
      title={away ? words.failure.signInAway : words.failure.broke}
      actions={
        <Button look="primary" onClick={retry}>
          {words.common.tryAgain}
        </Button>
      }
    >
      <p>{words.failure.safe}</p>
      {digest !== null && !away && <p className="mt-3 text-sm">{fill(words.common.reference, { id: digest })}</p>}
    </NoticePage>
  );
}
