import * as cacheScripts from "@/server/cache/protocol/scripts";
import type { SeenRequest } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import type { Command } from "@/tests/support/redis/executor";

export type Flow = "build" | "write" | "message" | "summary" | "stop" | "resume" | "consolidation";

const SECTIONS = ["GET clarify_patterns", "GET clarify_sessions", "GET dreams", "GET reflections", "GET users"];

/** Every call of each flow to the database. One that is new fails until it stands here, and is a case from then on. */
export const DATABASE_CALLS: Record<Flow, readonly string[]> = {
  consolidation: [
    "POST abandon_consolidation",
    "POST begin_consolidation",
    "POST begin_job",
    "POST end_job",
    "POST finish_consolidation",
    "POST job_state",
    "POST people_to_consolidate",
  ],
  build: SECTIONS,
  write: ["POST dreams"],
  stop: ["POST running_reply", "POST stop_reply"],
  summary: [
    "GET clarify_messages",
    ...SECTIONS,
    "POST begin_message",
    "POST begin_summary",
    "POST count_model_calls",
    "POST fail_summary",
    "POST finish_summary",
    "POST store_reply",
  ],
  message: [
    "GET clarify_messages",
    ...SECTIONS,
    "POST begin_conversation",
    "POST count_model_calls",
    "POST store_reply",
  ],
  resume: ["GET clarify_sessions", "POST begin_resume", "POST count_model_calls", "POST extend_reply"],
};
export const FLOWS = Object.keys(DATABASE_CALLS).filter((flow): flow is Flow => flow in DATABASE_CALLS);

/** The calls of a consolidation that are about nobody. */
export const RUN_CALLS = ["POST people_to_consolidate", "POST end_job", "POST job_state"];
/** The call with which a process takes a date of the schedule. */
export const SCHEDULE_CALL = "POST begin_job";

/** The calls of a job that runs at the 17th minute of every hour, and so perhaps beside the flows. */
export const RETENTION_CALLS: ReadonlySet<string> = new Set(["POST people_with_old_conversations", "POST empty_bins"]);

/** The flows that call the model. */
export const SPOKEN = ["message", "summary", "resume", "consolidation"] as const satisfies readonly Flow[];

export const MODEL = "the model";

/** Where the call stands before which a person waits while others come this far, so that theirs is the next to be sent. */
type Gate = { after: string } | { during: string } | null;

/** Every call of each flow to Redis. */
export const REDIS_CALLS: Record<Flow, Readonly<Record<string, Gate>>> = {
  build: { READ_OR_LEASE: null, FILL: { after: "GET dreams" } },
  write: { FENCE: null, RELEASE: { after: "POST dreams" } },
  message: {
    READ_OR_LEASE: null,
    FILL: { after: "GET dreams" },
    FENCE: { after: MODEL },
    RELEASE: { after: "POST begin_conversation" },
    "limit:message:…": null,
    "unsaved:…:…": null,
    "reply:…": { during: MODEL },
  },
  summary: {
    READ_OR_LEASE: null,
    FILL: null,
    FENCE: null,
    RELEASE: null,
    "limit:message:…": null,
    "unsaved:…:…": null,
    "reply:…": null,
  },
  stop: { "reply:…:stop": null },
  resume: {
    READ_OR_LEASE: null,
    FILL: { after: "GET clarify_sessions" },
    FENCE: { after: MODEL },
    RELEASE: { after: "POST extend_reply" },
    "limit:message:…": null,
    "reply:…": { during: MODEL },
  },
  consolidation: { FENCE: { after: MODEL }, RELEASE: { after: "POST finish_consolidation" } },
};

/** What a request to the database is for. */
export const databaseCall = ({ method, path }: SeenRequest) =>
  `${method} ${path.replace(/^\/rest\/v1\/(rpc\/)?|\?.*$/g, "")}`;

const SCRIPTS = new Map(
  Object.entries(cacheScripts).flatMap(([name, script]) =>
    typeof script === "object" ? [[script.sha, name] as const] : [],
  ),
);

export interface RedisCall {
  /** What it is for, without whose. */
  name: string;
  keys: readonly string[];
}

/** Null for a command that is for nobody. */
export function redisCall(command: Command): RedisCall | null {
  const [name, script, count, ...rest] = command.map(String);
  const keys = rest.slice(0, Number(count));
  const [key = ""] = keys;
  if (name?.toUpperCase() !== "EVALSHA" || !/[0-9a-f-]{36}/.test(key)) return null;
  return { name: SCRIPTS.get(String(script)) ?? key.replace(/\{?[0-9a-f-]{36}\}?/g, "…"), keys };
}

/** Only the two who write and read a reply know its key; all others are the person's. */
export const isFor = ({ name, keys }: RedisCall, { id }: Person) =>
  name.startsWith("reply:") || keys.some((key) => key.includes(id));
