"use client";

import { AUTH_UNREACHABLE_DIGEST } from "@/server/auth/unreachable";
import { Button } from "./button";
import { NoticePage } from "./notice-page";

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

function readDigest(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("digest" in error)) return null;
  return typeof error.digest === "string" ? error.digest : null;
}
