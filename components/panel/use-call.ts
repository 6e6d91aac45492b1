import { getUntypedClient } from "@trpc/client";
import { useEffect, useRef, useState } from "react";
import { describeError } from "@/components/trpc/errors";
import { trpc } from "@/components/trpc/trpc";
import { en } from "@/components/words/en";
import type { ProcedureDescription } from "@/server/trpc/describe-procedures";

export interface Call {
  state: "running" | "answered" | "failed";
  /** The outcome in one line. */
  summary: string;
  /** The answer as JSON: one text, or one for each part of a streamed answer. */
  answers: readonly string[];
}

/** Calls a procedure whose name and input are only known at run time. One call at a time. */
export function useCall(path: string, kind: ProcedureDescription["kind"]) {
  const client = getUntypedClient(trpc.useUtils().client);
  const [call, setCall] = useState<Call>();
  const running = useRef<AbortController>(null);

  useEffect(() => () => running.current?.abort(), []);

  async function send(input: unknown): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    const begun = performance.now();
    const took = () => `${Math.round(performance.now() - begun)} ms`;
    const answers: string[] = [];
    setCall({ state: "running", summary: "Waiting for the answer.", answers: [] });
    try {
      const { signal } = controller;
      const answer =
        kind === "query" ? await client.query(path, input, { signal }) : await client.mutation(path, input, { signal });
      if (isStream(answer)) {
        for await (const part of answer) {
          answers.push(toJson(part));
          setCall({ state: "running", summary: `${answers.length} parts so far.`, answers: [...answers] });
        }
        // A stopped stream ends without an error, like a complete one.
        signal.throwIfAborted();
      } else {
        answers.push(toJson(answer, 2));
      }
      setCall({ state: "answered", summary: `Answered in ${took()}.`, answers });
    } catch (error) {
      const summary = controller.signal.aborted ? `Stopped after ${took()}.` : failure(error);
      setCall({ state: "failed", summary, answers });
    }
  }

  return { call, send, stop: () => running.current?.abort() };
}

function failure(error: unknown): string {
  const { code, message, requestId } = describeError(error, en);
  return `${code}: ${message}${requestId === null ? "" : ` (request ${requestId})`}`;
}

function isStream(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

/** JSON has no `undefined`, which a procedure without an answer returns. */
function toJson(value: unknown, indent?: number): string {
  return value === undefined ? "undefined" : JSON.stringify(value, null, indent);
}
