import type { TRPCLink } from "@trpc/client";
import { createTRPCClient } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { describeError } from "@/components/trpc/errors";
import { deadlineLink } from "@/components/trpc/links";
import type { AppRouter } from "@/server/router";
import { english } from "../../support/english";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client whose server answers after this time, and how many requests were aborted. */
function answeringAfter(ms: number) {
  const givenUp = vi.fn();
  const server: TRPCLink<AppRouter> = () => () =>
    observable((observer) => {
      const timer = setTimeout(() => {
        observer.next({ result: { type: "data", data: "late" } });
        observer.complete();
      }, ms);
      return () => {
        clearTimeout(timer);
        givenUp();
      };
    });
  return { client: createTRPCClient<AppRouter>({ links: [deadlineLink(1_000), server] }), givenUp };
}

it("gives up a query that is not answered in time, and ends its request", async () => {
  const { client, givenUp } = answeringAfter(5_000);
  const failed = client.dreams.list.query({}).catch((error: unknown) => describeError(error, english.words));
  await vi.advanceTimersByTimeAsync(999);
  expect(givenUp).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(await failed).toMatchObject({
    code: "TIMEOUT",
    message: "Clarify took too long to answer. Please try again.",
  });
  expect(givenUp).toHaveBeenCalled();
});

it("does not abort a query that was answered, nor a mutation", async () => {
  const { client } = answeringAfter(900);
  const answered = client.messages.voice.query();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await answered).toBe("late");

  const slow = answeringAfter(5_000);
  const changed = slow.client.dreams.remove.mutate({ dreamId: "1" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await changed).toBe("late");
});
