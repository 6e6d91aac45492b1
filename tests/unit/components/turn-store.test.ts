import { describe, expect, it, vi } from "vitest";
import { startTurn } from "@/components/conversation/turn/turn";
import { createTurnStore } from "@/components/conversation/turn/turn-store";

const turn = (id: string) => startTurn({ id, content: "Hi", createdAt: "2026-11-23T08:00:00Z" });
const stopReply = async () => {};
const context = { tokens: 1, budget: 2, buildMs: 3, sections: [], related: [] };

describe("the turn store", () => {
  it("separates conversations and keeps the context of each one's latest reply", () => {
    const store = createTurnStore();
    store.begin("a", turn("m1"));
    store.advance("a", "m1", { type: "context", context });
    expect(store.get("a").lastContext).toBe(context);
    expect(store.get("b")).toEqual({ turns: [], lastContext: null });
  });

  it("stops the running turn through its signal, once", () => {
    const store = createTurnStore();
    const signal = store.begin("a", turn("m1"));
    store.stop("b", stopReply);
    expect(signal.aborted).toBe(false);
    store.stop("a", stopReply);
    expect(signal.aborted).toBe(true);
    expect(store.get("a").turns).toMatchObject([{ phase: "stopped" }]);
  });

  it("begins nothing before a reply that is being stopped has left its conversation", async () => {
    const store = createTurnStore();
    const stopping = Promise.withResolvers<void>();
    store.begin("a", turn("m1"));
    store.stop("a", ({ id }) => {
      expect(id).toBe("m1");
      return stopping.promise;
    });
    let free = false;
    const waiting = store.stopped("a").then(() => {
      free = true;
    });
    await store.stopped("b");
    expect(free).toBe(false);
    stopping.resolve();
    await waiting;
    expect(free).toBe(true);
  });

  it("replaces an attempt by the next one, and keeps other failed turns", () => {
    const store = createTurnStore();
    for (const id of ["m1", "m2"]) {
      store.begin("a", turn(id));
      store.advance("a", id, {
        type: "failure",
        failure: { message: "Gone.", offline: false, cutShort: false, retryAt: null },
      });
    }
    store.begin("a", turn("m1"));
    expect(store.get("a").turns.map(({ id, phase }) => [id, phase])).toEqual([
      ["m2", "failed"],
      ["m1", "waiting"],
    ]);
  });

  it("removes a turn that the person takes back, but never one under way", () => {
    const store = createTurnStore();
    store.begin("a", turn("m1"));
    store.withdraw("a", "m1");
    expect(store.get("a").turns).toHaveLength(1);
    store.stop("a", stopReply);
    store.withdraw("a", "m1");
    expect(store.get("a").turns).toEqual([]);
  });

  it("notifies its listeners of every change, with a new value each time", () => {
    const store = createTurnStore();
    const listener = vi.fn();
    const unsubscribe = store.subscribe(listener);
    store.begin("a", turn("m1"));
    const before = store.get("a");
    store.advance("a", "m1", { type: "text", delta: "x" });
    expect(store.get("a")).not.toBe(before);
    expect(listener).toHaveBeenCalledTimes(2);
    unsubscribe();
    store.stop("a", stopReply);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});
