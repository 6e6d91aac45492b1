"use client";

import type { ComponentProps } from "react";
import { lazy, Suspense } from "react";

const LoadedNotice = lazy(() => import("./error-notice"));

/**
 * An `ErrorNotice` whose code is loaded once something has failed, because otherwise each page would load it. If it cannot be
 * loaded, the boundary above shows the error, in the end the one around everything, which needs no further code.
 */
export function ErrorNotice(props: ComponentProps<typeof LoadedNotice>) {
  return (
    <Suspense fallback={null}>
      <LoadedNotice {...props} />
    </Suspense>
  );
}
