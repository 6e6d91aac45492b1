import { expect, it } from "vitest";
import type { ReplyToStore } from "@/server/conversation/conversation-store";
import { createRedisUnsaved } from "@/server/conversation/unsaved-replies";

const REPLY: ReplyToStore = {
  id: "reply",
  replyTo: "message",
  content: "I hear you.",
  status: "complete",
  model: "a model",
  dreams: [],
  receipts: [],
  usage: null,
};

/** What is found if Redis answers this. */
const found = (answer: () => Promise<unknown>) => createRedisUnsaved({ run: answer })("noa").find("message");

it("finds a reply that was kept", async () => {
  expect(await found(async () => JSON.stringify(REPLY))).toEqual(REPLY);
});

it.each<[string, () => Promise<unknown>]>([
  ["nothing", async () => null],
  ["something that is no JSON", async () => "{"],
  ["JSON that is no reply", async () => JSON.stringify({ ...REPLY, status: "odd" })],
  ["another type", async () => ["list"]],
  ["a failure", () => Promise.reject(new Error("READONLY"))],
])("finds none where Redis holds %s", async (_what, answer) => {
  expect(await found(answer)).toBeNull();
});
