import type { TRPCLink } from "@trpc/client";
import { createTRPCClient, TRPCClientError } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { expect, it, vi } from "vitest";
import { changesLink } from "@/components/trpc/links";
import type { AppRouter } from "@/server/router";

/** A client whose server gives this answer to everything. */
function answering(answer: { data: unknown } | { error: TRPCClientError<AppRouter> }) {
  const onChange = vi.fn();
  const server: TRPCLink<AppRouter> = () => () =>
    observable((observer) => {
      if ("error" in answer) return observer.error(answer.error);
      observer.next({ result: { type: "data", data: answer.data } });
      observer.complete();
    });
  return { client: createTRPCClient<AppRouter>({ links: [changesLink(onChange), server] }), onChange };
}

it("reports a mutation once it is acknowledged", async () => {
  const { client, onChange } = answering({ data: { id: "1" } });
  await client.dreams.remove.mutate({ dreamId: "1" });
  expect(onChange.mock.calls).toEqual([["dreams.remove"]]);
});

it("reports no query, and no mutation that failed", async () => {
  const asked = answering({ data: { items: [], nextCursor: null } });
  await asked.client.dreams.list.query({});
  expect(asked.onChange).not.toHaveBeenCalled();

  const refused = answering({ error: TRPCClientError.from<AppRouter>(new Error("refused")) });
  await expect(refused.client.dreams.remove.mutate({ dreamId: "1" })).rejects.toThrow("refused");
  expect(refused.onChange).not.toHaveBeenCalled();
});

it("reports a mutation that streams its answer when the answer begins, and when it has ended, also early", async () => {
  async function* reply() {
    yield 1;
    yield 2;
  }
  const whole = answering({ data: reply() });
  const events = await whole.client.messages.send.mutate({ sessionId: "s", id: "m", content: "Hello" });
  expect(whole.onChange).not.toHaveBeenCalled();
  for await (const _ of events) expect(whole.onChange).toHaveBeenCalledOnce();
  expect(whole.onChange.mock.calls).toEqual([["messages.send"], ["messages.send"]]);

  const cut = answering({ data: reply() });
  for await (const _ of await cut.client.messages.send.mutate({ sessionId: "s", id: "m", content: "Hello" })) break;
  expect(cut.onChange).toHaveBeenCalledTimes(2);
});
