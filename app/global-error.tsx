"use client";

import { useEffect } from "react";
import { recoverFromOldBuild } from "@/components/build/page-build";
import { Button } from "@/components/ui/button";
import { NoticePage } from "@/components/ui/notice-page";
import "./globals.css";

/** Replaces the root layout when it failed, so the chosen language is not known here. */
export default function GlobalErrorPage({ retry }: { retry: () => void }) {
  useEffect(() => void recoverFromOldBuild(), []);
  return (
    <html lang="en">
      <body>
        <main className="flex min-h-dvh">
          <NoticePage
            title="Something broke on our side"
            actions={
              <Button look="primary" onClick={retry}>
                Try again
              </Button>
            }
          >
            What you have written is safe. Please try again in a moment.
          </NoticePage>
        </main>
      </body>
    </html>
  );
}
