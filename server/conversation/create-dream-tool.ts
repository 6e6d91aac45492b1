import type Anthropic from "@anthropic-ai/sdk";
import { ZodError } from "zod";
import { newDreamSchema } from "@/server/dreams/dream";
import type { ToolCall } from "@/server/model/stream";
import type { CreatedDream } from "./events";
import type { ReplyRequest } from "./voice";

/** Lets the model create a dream that the person has put into words. */
export const CREATE_DREAM: Anthropic.Tool = {
  name: "create_dream",
  description:
    "Keeps something the person wants as one of their dreams. Only when they have asked for it or agreed to it in their " +
    "last message, in their own words; never on your own initiative, and never to bring the conversation to an end.",
  input_schema: {
    type: "object",
    properties: {
      title: {
        type: "string",
        description: "The dream in the person's own words and language, at most 200 characters.",
      },
      description: { type: "string", description: "What they said about why it matters, if they did." },
      category: { type: "string", description: "One or two words, if the person named an area of life." },
      targetDate: { type: "string", description: "A day as YYYY-MM-DD, only if the person named one." },
    },
    required: ["title"],
    additionalProperties: false,
  },
};

/** The result of the tool call for a dream that was created. */
const KEPT = "The dream is kept.";

/** The tool calls that created an earlier reply's dreams, as the model made them. */
export function pastCalls(dreams: readonly CreatedDream[] = []): Anthropic.ToolUseBlockParam[] {
  return dreams.map(({ id, title }) => ({
    type: "tool_use",
    id: callId(id),
    name: CREATE_DREAM.name,
    input: { title },
  }));
}

/** The results of those calls, which the API expects at the beginning of the next message. */
export function pastResults(dreams: readonly CreatedDream[] = []): Anthropic.ToolResultBlockParam[] {
  return dreams.map(({ id }) => ({ type: "tool_result", tool_use_id: callId(id), content: KEPT }));
}

const callId = (dreamId: string) => `toolu_${dreamId}`;

const toolInput = newDreamSchema.omit({ id: true, sessionId: true });

export interface ToolOutcome {
  /** The result for the model, also of a failure. */
  result: Anthropic.ToolResultBlockParam;
  created: CreatedDream | null;
}

/** Runs a tool call of the model. Never throws: errors are returned to the model as the result. */
export async function runToolCall(call: ToolCall, createDream: ReplyRequest["createDream"]): Promise<ToolOutcome> {
  const answer = (content: string, isError: boolean): Anthropic.ToolResultBlockParam => ({
    type: "tool_result",
    tool_use_id: call.id,
    content,
    is_error: isError,
  });
  if (call.name !== CREATE_DREAM.name) return { result: answer("There is no such tool.", true), created: null };
  if (call.input === undefined)
    return { result: answer("The dream was not kept. The input is not JSON.", true), created: null };
  try {
    const { how, id, title } = await createDream(toolInput.parse(call.input));
    const said = how === "new" ? KEPT : `It is kept already, as “${title}”. Do not keep it once more.`;
    return { result: answer(said, false), created: how === "known" ? null : { id, title } };
  } catch (error) {
    const why = error instanceof ZodError ? describe(error) : "It could not be stored just now.";
    return { result: answer(`The dream was not kept. ${why}`, true), created: null };
  }
}

function describe(error: ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join(".") || "input"}: ${message}.`).join(" ");
}
