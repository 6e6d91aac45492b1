import { expect, it } from "vitest";
import { estimateTokens } from "@/server/context/tokens";
import type { Message } from "@/server/conversation/events";
import * as history from "@/server/conversation/history";

const { HISTORY_BUDGET_TOKENS } = history;
const historyWindow = (recent: Message[], total: number) => history.historyWindow(recent, total, estimateTokens);

function message(n: number, content = `message ${n}`): Message {
  return {
    id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    role: n % 2 === 0 ? "user" : "assistant",
    content,
    status: "complete",
    replyTo: null,
    model: null,
    dreams: [],
    receipts: [],
    variant: null,
    answering: false,
    createdAt: "2026-11-20T10:00:00.000Z",
  };
}

const numbers = (messages: Message[]) => messages.map(({ id }) => Number(id.slice(-12)));

it("is the whole of a short conversation", () => {
  const all = Array.from({ length: 8 }, (_, n) => message(n));
  expect(historyWindow(all, 8)).toEqual(all);
});

it("moves in steps, so that most messages begin the prompt with the same ones", () => {
  const recent = (total: number) => Array.from({ length: 20 }, (_, n) => message(total - 20 + n));
  expect([22, 24, 30].map((total) => numbers(historyWindow(recent(total), total))[0])).toEqual([10, 10, 10]);
  expect(numbers(historyWindow(recent(32), 32))[0]).toBe(20);
});

it("leaves out the oldest messages beyond the budget, however few remain", () => {
  const long = "what I want ".repeat(8_000);
  const window = historyWindow(
    Array.from({ length: 20 }, (_, n) => message(n, n === 15 ? long : `message ${n}`)),
    20,
  );
  expect(numbers(window)).toEqual([16, 17, 18, 19]);
  expect(window.reduce((sum, { content }) => sum + estimateTokens(content), 0)).toBeLessThan(HISTORY_BUDGET_TOKENS);
});

it("is empty if the last message alone exceeds the budget", () => {
  expect(historyWindow([message(0), message(1, "x ".repeat(100_000))], 2)).toEqual([]);
});

it("leaves out a refused reply with the message that it answers", () => {
  const all = Array.from({ length: 6 }, (_, n) => message(n));
  const refused: Message = { ...message(3), status: "refused", replyTo: message(2).id };
  expect(numbers(historyWindow(all.with(3, refused), 6))).toEqual([0, 1, 4, 5]);
});
