import { describe, expect, it } from "vitest";
import { addMessages, flattenMessages, NO_MESSAGES } from "@/components/conversation/entries/message-pages";
import type { Message } from "@/server/conversation/events";

const message = (id: string, content = id): Message => ({
  id,
  role: "user",
  content,
  status: "complete",
  replyTo: null,
  model: null,
  dreams: [],
  receipts: [],
  variant: null,
  answering: false,
  createdAt: "2026-11-23T08:00:00Z",
});

describe("pages of messages", () => {
  const data = {
    pages: [
      { items: [message("3"), message("4")], nextCursor: "older" },
      { items: [message("1"), message("2")], nextCursor: null },
    ],
    pageParams: [null, "older"],
  };

  it("read oldest first, though the newest page comes first", () => {
    expect(flattenMessages(data).map(({ id }) => id)).toEqual(["1", "2", "3", "4"]);
  });

  it("take new messages at their end, and never hold one twice", () => {
    const appended = addMessages(data, [message("4", "as stored"), message("5")]);
    expect(flattenMessages(appended).map(({ content }) => content)).toEqual(["1", "2", "3", "as stored", "5"]);
    expect(flattenMessages(data)).toHaveLength(4);
  });

  it("hold one answer to each message: another one takes the place of the one before it", () => {
    const answer = (id: string): Message => ({ ...message(id), role: "assistant", replyTo: "4" });
    const answered = addMessages(data, [message("4"), answer("first")]);
    const again = addMessages(answered, [answer("second")]);
    expect(flattenMessages(again).map(({ id }) => id)).toEqual(["1", "2", "3", "4", "second"]);
  });

  it("take the answer to an earlier message behind that message", () => {
    const answer: Message = { ...message("answer"), role: "assistant", replyTo: "2" };
    const answered = addMessages(data, [message("2", "the same"), answer]);
    expect(flattenMessages(answered).map(({ content }) => content)).toEqual(["1", "the same", "answer", "3", "4"]);
  });

  it("begin with an empty one", () => {
    expect(flattenMessages(addMessages(NO_MESSAGES, [message("1")]))).toHaveLength(1);
  });
});
