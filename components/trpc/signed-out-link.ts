import type { TRPCLink } from "@trpc/client";
import { tap } from "@trpc/server/observable";
import type { AppRouter } from "@/server/router";

/** Notices that the server no longer knows who is asking, whichever call it was. */
export function signedOutLink(onSignedOut: () => void): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      next(op).pipe(
        tap({
          error(error) {
            if (error.data?.code === "UNAUTHORIZED") onSignedOut();
          },
        }),
      );
}
