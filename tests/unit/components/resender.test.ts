import { describe, expect, it } from "vitest";
import { createResender } from "@/components/conversation/sending/resender";
import type { UnsentMessage } from "@/components/conversation/state/outbox";

const message = (id: string): UnsentMessage => ({ id, content: id, createdAt: "2026-11-25T00:00:00.000Z" });

/** A resender over messages of the test, whose server can be stopped. */
function resending(...ids: string[]) {
  const state = { unsent: ids.map(message), busy: false, reached: false, sent: [] as string[] };
  const due: (() => void)[] = [];
  const resender = createResender({
    timers: {
      now: () => 0,
      after(_ms, task) {
        due.push(task);
        return () => due.splice(due.indexOf(task), due.includes(task) ? 1 : 0);
      },
      random: () => 0,
    },
    unsent: () => state.unsent,
    busy: () => state.busy,
    async send({ id }) {
      state.sent.push(id);
      if (state.reached) state.unsent = state.unsent.filter((other) => other.id !== id);
      return state.reached;
    },
  });
  return {
    state,
    resender,
    planned: () => due.length,
    async nextTry() {
      due.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe("an unsent message", () => {
  it("is sent in order, each message once", async () => {
    const { state, resender, planned } = resending("a", "b");
    state.reached = true;
    await Promise.all([resender.sendAll(), resender.sendAll()]);
    expect(state.sent).toEqual(["a", "b"]);
    expect(planned()).toBe(0);
  });

  it("is tried again until the server is reached, and the second never before the first", async () => {
    const { state, resender, planned, nextTry } = resending("a", "b");
    await resender.sendAll();
    await nextTry();
    expect(state.sent).toEqual(["a", "a"]);
    state.reached = true;
    await nextTry();
    expect(state.sent).toEqual(["a", "a", "a", "b"]);
    expect(planned()).toBe(0);
  });

  it("waits behind a reply that is under way", async () => {
    const { state, resender } = resending("a");
    Object.assign(state, { busy: true, reached: true });
    await resender.sendAll();
    expect(state.sent).toEqual([]);
  });

  it("is tried again after a failure, in one plan however often the conversation changes", async () => {
    const { state, resender, planned, nextTry } = resending();
    state.unsent = [message("a")];
    resender.look();
    resender.look();
    expect(planned()).toBe(1);
    state.reached = true;
    await nextTry();
    expect(state.sent).toEqual(["a"]);
  });

  it("is not sent again after the person took it back", async () => {
    const { state, resender, planned } = resending("a");
    await resender.sendAll();
    state.unsent = [];
    resender.look();
    expect(planned()).toBe(0);
  });
});
