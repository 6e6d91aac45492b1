import type { TRPCLink } from "@trpc/client";
import { TRPCClientError } from "@trpc/client";
import { map, observable, tap } from "@trpc/server/observable";
import type { AppRouter } from "@/server/router";

/**
 * Reports every mutation that the server has acknowledged; a streaming one is reported at its beginning and at its end.
 */
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

/**
 * Gives the error of an interrupted stream the name of a lost connection, because browsers have different errors for
 * it.
 */
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

/** Calls back when the answer to any call says that nobody is signed in. */
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
 * Aborts a query without an answer after this many milliseconds; a streaming query, if the stream has not begun by
 * then. A mutation has no deadline: the person sees that it is running, and it may have happened.
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
