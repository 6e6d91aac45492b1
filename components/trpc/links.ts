import type { TRPCLink } from "@trpc/client";
import { TRPCClientError } from "@trpc/client";
import { map, observable, tap } from "@trpc/server/observable";
import type { AppRouter } from "@/server/router";

/** Reports every mutation that the server has acknowledged; one that streams its answer, when that begins and ends. */
export function changesLink(onChange: (procedure: string) => void): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) => {
      const answers = next(op);
      if (op.type !== "mutation") return answers;
      return answers.pipe(
        map((envelope) => {
          const { result } = envelope;
          if (!("data" in result)) return envelope;
          if (isStream(result.data)) {
            return { ...envelope, result: { ...result, data: reporting(result.data, () => onChange(op.path)) } };
          }
          onChange(op.path);
          return envelope;
        }),
      );
    };
}

/** Names what breaks a stream off: the connection was lost, whichever bare error the browser has for that. */
export const lostStreamLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    next(op).pipe(
      map((envelope) => {
        const { result } = envelope;
        if (!("data" in result) || !isStream(result.data)) return envelope;
        return { ...envelope, result: { ...result, data: namingLoss(result.data) } };
      }),
    );

async function* namingLoss(stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* stream;
  } catch (error) {
    throw error instanceof Error ? TRPCClientError.from(error) : error;
  }
}

function isStream(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === "object" && data !== null && Symbol.asyncIterator in data;
}

async function* reporting(stream: AsyncIterable<unknown>, report: () => void): AsyncGenerator<unknown> {
  let begun = false;
  try {
    for await (const part of stream) {
      if (!begun) report();
      begun = true;
      yield part;
    }
  } finally {
    report();
  }
}

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

/**
 * Gives up a query that is not answered within so many milliseconds, whatever on the way is silent. For one that streams its
 * answer, that is until the stream begins. A mutation is waited for: the person sees it under way, and it may have happened.
 */
export function deadlineLink(timeoutMs: number): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) => {
      if (op.type !== "query") return next(op);
      return observable((observer) => {
        const timer = setTimeout(() => {
          answer.unsubscribe();
          observer.error(TRPCClientError.from(new DOMException("Nothing was answered", "TimeoutError")));
        }, timeoutMs);
        const answered = () => clearTimeout(timer);
        const answer = next(op)
          .pipe(tap({ next: answered, error: answered }))
          .subscribe(observer);
        return () => {
          answered();
          answer.unsubscribe();
        };
      });
    };
}
