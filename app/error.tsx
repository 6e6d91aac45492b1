"use client";

import { ErrorNotice } from "@/components/ui/deferred-error-notice";

export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <main className="flex min-h-dvh">
      <ErrorNotice error={error} retry={retry} />
    </main>
  );
}
