"use client";

import { ErrorNotice } from "@/components/ui/notice-page";
import "./globals.css";

/** Takes the place of the root layout when that one broke. */
export default function GlobalErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="flex min-h-dvh">
          <ErrorNotice error={error} retry={retry} />
        </main>
      </body>
    </html>
  );
}
