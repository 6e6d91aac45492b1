"use client";

import { useEffect } from "react";
import { recoverFromOldBuild } from "@/components/build/page-build";
import { useSpeech } from "@/components/words/words";
import { AUTH_UNREACHABLE_DIGEST } from "@/server/auth/unreachable";
import { Button } from "./button";
import { readDigest } from "./digest";
import { NoticePage } from "./notice-page";

/** Shown when the page failed. The number identifies the error in the server's log. */
export default function ErrorNotice({ error, retry }: { error: unknown; retry: () => void }) {
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
