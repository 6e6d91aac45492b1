import { describe, expect, it } from "vitest";
import type { ReplyEvent } from "@/server/conversation/events";
import type { FollowDependencies } from "@/server/conversation/follow-reply";
import { followReply, passOn } from "@/server/conversation/follow-reply";
import { withFallback } from "@/server/conversation/redis-relay";
import { createReplyBroadcast } from "@/server/conversation/reply-broadcast";
import type { ReplyClaim, ReplyProgress, ReplyRelay } from "@/server/conversation/reply-relay";
import { eventsBetween, NOTHING_SAID, progressAfter } from "@/server/conversation/reply-relay";
import { NotStoppedError, stopReply } from "@/server/conversation/stop-reply";
import { createLogger } from "@/server/telemetry/logger";
import { CollectingBackground } from "../cache/collecting-background";

const NEVER = new AbortController().signal;
const DREAM = { id: "dream", title: "Sail" };
const CLAIM: ReplyClaim = { messageId: "message", replyId: null, claimToken: "token" };

const said = (text: string, more: Partial<ReplyProgress> = {}): ReplyProgress => ({ ...NOTHING_SAID, text, ...more });
const word = (delta: string): ReplyEvent => ({ type: "text", delta });

describe("the events between two states of a reply", () => {
  it.each<[string, ReplyProgress, ReplyProgress, ReplyEvent[]]>([
    ["nothing new", said("I "), said("I "), []],
    ["more words", said("I "), said("I hear"), [word("hear")]],
    ["a dream", said("I "), said("I ", { dreams: [DREAM] }), [{ type: "dream", dream: DREAM }]],
    ["its end", said("I "), said("I hear", { ended: true }), [word("hear")]],
    ["another try", said("I hear"), said("You"), [{ type: "restart" }, word("You")]],
    ["another try without a dream", said("I", { dreams: [DREAM] }), said("I"), [{ type: "restart" }, word("I")]],
  ])("%s", (_what, before, now, events) => {
    expect(eventsBetween(before, now)).toEqual(events);
  });

  it("leads to the result of the events, restarts included", () => {
    const events: ReplyEvent[] = [word("I "), { type: "restart" }, word("You"), { type: "dream", dream: DREAM }];
    expect(events.reduce(progressAfter, NOTHING_SAID)).toEqual(said("You", { dreams: [DREAM] }));
  });
});

/** What a follower finds at each look: the writer's token, and the progress of the reply. */
function seenBy(looks: { token: string | null; progress: ReplyProgress | null }[]): FollowDependencies {
  let at = 0;
  const look = () => looks[Math.min(at, looks.length - 1)] ?? { token: null, progress: null };
  return {
    async running() {
      const { token } = look();
      return token === null ? null : { ...CLAIM, claimToken: token };
    },
    relay: { read: async (token) => (token === look().token || look().token === null ? look().progress : null) },
    clock: {
      async pause() {
        at += 1;
      },
    },
  };
}

async function follow(looks: { token: string | null; progress: ReplyProgress | null }[]) {
  const events: ReplyEvent[] = [];
  const end = await passOn(followReply(seenBy(looks), NEVER), (event) => events.push(event));
  return { events, stopped: end.stopped };
}

describe("a follower", () => {
  it("gets the text so far, then the rest as it arrives", async () => {
    const { events } = await follow([
      { token: "one", progress: null },
      { token: "one", progress: said("I ") },
      { token: "one", progress: said("I hear") },
      { token: "one", progress: said("I hear you.", { ended: true }) },
    ]);
    expect(events).toEqual([word("I "), word("hear"), word(" you.")]);
  });

  it("gets nothing when no reply is being written", async () => {
    expect(await follow([{ token: null, progress: null }])).toEqual({ events: [], stopped: false });
  });

  it("begins again when another process takes over from one that died", async () => {
    const { events } = await follow([
      { token: "one", progress: said("I hear") },
      { token: "one", progress: null },
      { token: "two", progress: null },
      { token: "two", progress: said("You speak", { ended: true }) },
    ]);
    expect(events).toEqual([word("I hear"), { type: "restart" }, word("You speak")]);
  });

  it("learns that it was stopped from what the writer published last, after the claim has ended", async () => {
    const last = said("", { stopped: true, ended: true });
    expect(
      await follow([
        { token: "one", progress: null },
        { token: null, progress: last },
      ]),
    ).toEqual({ events: [], stopped: true });
  });

  it("waits for the end when the relay fails", async () => {
    const looks = seenBy([
      { token: "one", progress: null },
      { token: "one", progress: null },
      { token: null, progress: null },
    ]);
    const relay = { read: () => Promise.reject(new Error("no Redis")) };
    expect(await passOn(followReply({ ...looks, relay }, NEVER), () => {})).toMatchObject({ stopped: false });
  });
});

/** A broadcast whose timer fires when the test says so. */
function broadcasting(publish: ReplyRelay["publish"]) {
  let ring = () => {};
  const published: ReplyProgress[] = [];
  const background = new CollectingBackground();
  const broadcast = createReplyBroadcast({
    relay: {
      publish: (writing, progress) => {
        published.push(progress);
        return publish(writing, progress);
      },
      read: async () => null,
      stop: async () => {},
    },
    claimToken: "token",
    background,
    clock: {
      every(_ms, task) {
        ring = task;
        return () => {
          ring = () => {};
        };
      },
    },
    logger: createLogger("silent"),
  });
  return { ...broadcast, published, ring: () => ring(), settled: () => background.idle() };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

describe("a broadcast reply", () => {
  it("publishes nothing when the reply ends before the first interval", async () => {
    const w = broadcasting(async () => false);
    await w.over(async (emit) => {
      w.begin("message");
      emit(word("I hear"));
    })(() => {}, NEVER);
    await w.settled();
    expect(w.published).toEqual([]);
  });

  it("publishes its progress, one call at a time, and its end last", async () => {
    const answers: PromiseWithResolvers<boolean>[] = [];
    const w = broadcasting(() => {
      const answer = Promise.withResolvers<boolean>();
      answers.push(answer);
      return answer.promise;
    });
    await w.over(async (emit) => {
      w.begin("message");
      emit(word("I "));
      w.ring();
      await tick();
      emit(word("hear"));
      w.ring();
      await tick();
    })(() => {}, NEVER);
    expect(w.published).toEqual([said("I ")]);
    answers[0]?.resolve(false);
    await tick();
    answers[1]?.resolve(false);
    await w.settled();
    expect(w.published).toEqual([said("I "), said("I hear", { ended: true })]);
  });

  it("stops when it is asked to, and publishes that at once", async () => {
    const w = broadcasting(async () => true);
    await w.over(async (_emit, signal) => {
      w.begin("message");
      w.ring();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await tick();
    })(() => {}, NEVER);
    await w.settled();
    expect(w.published.slice(1)).toEqual([said("", { stopped: true }), said("", { stopped: true, ended: true })]);
  });

  it("publishes that it was stopped as soon as it holds the claim", async () => {
    const w = broadcasting(async () => false);
    const stopped = new AbortController();
    await w.over(async () => {
      stopped.abort();
      w.begin("message");
      await tick();
    })(() => {}, stopped.signal);
    await w.settled();
    expect(w.published[0]).toEqual(said("", { stopped: true }));
  });

  it("goes on when the relay fails", async () => {
    const w = broadcasting(() => Promise.reject(new Error("no Redis")));
    let done = false;
    await w.over(async () => {
      w.begin("message");
      w.ring();
      await tick();
      done = true;
    })(() => {}, NEVER);
    await w.settled();
    expect(done).toBe(true);
  });
});

/** The situation of `stopReply`: how long the claim lasts after the request, and whether its writer can be reached. */
async function stop({ endsAfterMs, heard }: { endsAfterMs: number; heard: boolean }) {
  let now = 0;
  const ended: string[] = [];
  await stopReply({
    running: async () => (now < endsAfterMs ? CLAIM : null),
    relay: { stop: async () => {}, read: async () => (heard ? said("I ") : null) },
    endClaim: async ({ claimToken }) => void ended.push(claimToken),
    clock: {
      elapsed: () => now,
      async pause(ms) {
        now += ms;
      },
    },
  });
  return { ended, waitedMs: now };
}

describe("stopping a reply", () => {
  it("waits until the text is stored", async () => {
    expect(await stop({ endsAfterMs: 400, heard: true })).toEqual({ ended: [], waitedMs: 450 });
  });

  it("does not wait when no reply is being written", async () => {
    expect(await stop({ endsAfterMs: 0, heard: false })).toEqual({ ended: [], waitedMs: 0 });
  });

  it("ends the claim of a writer that is gone", async () => {
    const { ended, waitedMs } = await stop({ endsAfterMs: Number.POSITIVE_INFINITY, heard: false });
    expect(ended).toEqual(["token"]);
    expect(waitedMs).toBeLessThan(4_000);
  });

  it("reports a writer that can be reached but does not stop", async () => {
    await expect(stop({ endsAfterMs: Number.POSITIVE_INFINITY, heard: true })).rejects.toThrow(NotStoppedError);
  });
});

describe("a relay with a fallback", () => {
  const failingFor = (why: string): ReplyRelay => ({
    publish: () => Promise.reject(new Error(why)),
    read: () => Promise.reject(new Error(why)),
    stop: () => Promise.reject(new Error(why)),
  });
  const failing = failingFor("no Redis");
  const working: ReplyRelay = { publish: async () => true, read: async () => said("I "), stop: async () => {} };

  it.each([
    ["the first fails", withFallback(failing, working)],
    ["the second fails", withFallback(working, failing)],
  ])("works when %s", async (_what, relay) => {
    expect(await relay.publish(CLAIM, NOTHING_SAID)).toBe(true);
    expect(await relay.read("token")).toEqual(said("I "));
    await relay.stop(CLAIM);
  });

  it("fails when both do, as the second does", async () => {
    const relay = withFallback(failing, failingFor("no database"));
    await expect(relay.stop(CLAIM)).rejects.toThrow("no database");
    await expect(relay.publish(CLAIM, NOTHING_SAID)).rejects.toThrow("no database");
    await expect(relay.read("token")).rejects.toThrow("no database");
  });
});
