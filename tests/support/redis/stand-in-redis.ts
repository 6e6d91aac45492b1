import { createHash } from "node:crypto";
import { LuaFactory } from "wasmoon";
import type { Command, RedisExecutor } from "./executor";
import { ReplyError } from "./executor";

type SortedSet = Map<string, number>;
type Hash = { fields: Map<string, string> };
type Value = string | SortedSet | Hash;

interface Item {
  value: Value;
  endsAt: number | undefined;
}

/** Wraps a script so that its reply, of integers, strings, `false` and lists, is returned as JSON. */
const PRELUDE = `
local function quote(text)
  return '"' .. text:gsub('[%c"\\\\]', function(c) return string.format('\\\\u%04x', c:byte()) end) .. '"'
end
local function json(reply)
  if type(reply) == 'table' then
    if reply.err then error(reply.err, 0) end
    local items = {}
    for i, item in ipairs(reply) do items[i] = json(item) end
    return '[' .. table.concat(items, ',') .. ']'
  end
  if type(reply) == 'number' then return string.format('%d', math.floor(reply)) end
  if type(reply) == 'string' then return quote(reply) end
  return reply and '1' or 'null'
end
local function list(count, at)
  local items = {}
  for i = 1, count do items[i] = at(i - 1) end
  return items
end
local function answer(...)
  if not call(...) then return { err = reply_error() } end
  local kind = reply_kind()
  if kind == 'nil' then return false end
  if kind == 'list' then return list(reply_count(), reply_item) end
  return reply_value()
end
redis = {
  pcall = answer,
  call = function(...)
    local reply = answer(...)
    if type(reply) == 'table' and reply.err then error(reply.err, 0) end
    return reply
  end,
}
return function()
KEYS = list(key_count(), key_at)
ARGV = list(arg_count(), arg_at)
`;

/**
 * Enough of Redis to run the cache's scripts, in a real Lua, over a map and a clock. For machines without a Redis; it
 * cannot show how Redis itself behaves.
 */
export async function standInRedis({ now = () => Date.now() } = {}): Promise<RedisExecutor> {
  const lua = await new LuaFactory().createEngine();
  const items = new Map<string, Item>();
  const scripts = new Map<string, () => unknown>();

  function find(key: string): Item | undefined {
    const item = items.get(key);
    if (item?.endsAt === undefined || now() < item.endsAt) return item;
    items.delete(key);
    return undefined;
  }

  function text(key: string): string | null {
    const value = find(key)?.value ?? null;
    if (value !== null && typeof value !== "string") throw wrongType();
    return value;
  }

  function sortedSet(key: string): SortedSet {
    const value = find(key)?.value ?? new Map<string, number>();
    if (!(value instanceof Map)) throw wrongType();
    return value;
  }

  function hash(key: string): Hash {
    const value = find(key)?.value ?? { fields: new Map<string, string>() };
    if (typeof value === "string" || value instanceof Map) throw wrongType();
    return value;
  }

  function set(key: string, value: string, options: string[]): string {
    const [unit, amount] = options;
    const ms = unit?.toUpperCase() === "PX" ? Number(amount) : undefined;
    if (options.length > 0 && !(ms && ms > 0)) throw new ReplyError("ERR invalid expire time in 'set' command");
    items.set(key, { value, endsAt: ms === undefined ? undefined : now() + ms });
    return "OK";
  }

  const commands: Record<string, (args: string[]) => unknown> = {
    ping: () => "PONG",
    time: () => [String(Math.floor(now() / 1000)), String(Math.floor((now() % 1000) * 1000))],
    get: ([key = ""]) => text(key),
    mget: (keys) => keys.map((key) => (typeof find(key)?.value === "string" ? text(key) : null)),
    set: ([key = "", value = "", ...options]) => set(key, value, options),
    del: (keys) => keys.filter((key) => find(key) && items.delete(key)).length,
    exists: (keys) => keys.filter((key) => find(key)).length,
    dbsize: () => [...items.keys()].filter((key) => find(key)).length,
    keys: ([pattern = "*"]) =>
      [...items.keys()].filter((key) => find(key) && key.startsWith(pattern.replace(/\*$/, ""))),
    pttl([key = ""]) {
      const item = find(key);
      if (!item) return -2;
      return item.endsAt === undefined ? -1 : Math.ceil(item.endsAt - now());
    },
    pexpire([key = "", ms]) {
      const item = find(key);
      if (!item) return 0;
      item.endsAt = now() + Number(ms);
      return 1;
    },
    persist([key = ""]) {
      const item = find(key);
      if (item) item.endsAt = undefined;
      return item ? 1 : 0;
    },
    zadd([key = "", score, member = ""]) {
      const members = sortedSet(key);
      const added = members.has(member) ? 0 : 1;
      members.set(member, Number(score));
      items.set(key, { value: members, endsAt: find(key)?.endsAt });
      return added;
    },
    zrem([key = "", ...gone]) {
      const members = sortedSet(key);
      const removed = gone.filter((member) => members.delete(member)).length;
      if (members.size === 0) items.delete(key);
      return removed;
    },
    zcount([key = "", from = "", to = ""]) {
      return [...sortedSet(key).values()].filter((score) => within(score, from, to)).length;
    },
    zscore([key = "", member = ""]) {
      const score = sortedSet(key).get(member);
      return score === undefined ? null : String(score);
    },
    zincrby([key = "", by, member = ""]) {
      const score = (sortedSet(key).get(member) ?? 0) + Number(by);
      commands.zadd?.([key, String(score), member]);
      return String(score);
    },
    zrange: ([key = ""]) => [...sortedSet(key).keys()],
    zremrangebyscore([key = "", from = "", to = ""]) {
      const gone = [...sortedSet(key)].filter(([, score]) => within(score, from, to)).map(([member]) => member);
      return commands.zrem?.([key, ...gone]);
    },
    hset([key = "", ...pairs]) {
      const { fields } = hash(key);
      const before = fields.size;
      for (let at = 0; at < pairs.length; at += 2) fields.set(pairs[at] ?? "", pairs[at + 1] ?? "");
      items.set(key, { value: { fields }, endsAt: find(key)?.endsAt });
      return fields.size - before;
    },
    hmget([key = "", ...names]) {
      const { fields } = hash(key);
      return names.map((name) => fields.get(name) ?? null);
    },
    hvals: ([key = ""]) => [...hash(key).fields.values()],
    flushdb() {
      items.clear();
      return "OK";
    },
    script: ([what]) => {
      if (what?.toUpperCase() === "FLUSH") scripts.clear();
      return "OK";
    },
    eval([source = "", ...rest]) {
      const sha = createHash("sha1").update(source).digest("hex");
      if (!scripts.has(sha))
        scripts.set(sha, lua.doStringSync(`${PRELUDE} return json((function() ${source}\nend)()) end`));
      return commands.evalsha?.([sha, ...rest]);
    },
    evalsha([sha = "", ...rest]) {
      const script = scripts.get(sha);
      if (!script) throw new ReplyError("NOSCRIPT No matching script. Please use EVAL.");
      return run(script, rest);
    },
  };

  function command([name, ...args]: Command): unknown {
    const run = commands[String(name).toLowerCase()];
    if (!run) throw new ReplyError(`ERR unknown command '${name}'`);
    return run(args.map(String));
  }

  // Lua and JavaScript exchange one reply at a time through calls, because wasmoon's own tables do not support `#`.
  let reply: unknown;
  let failure = "";
  let keys: string[] = [];
  let args: string[] = [];
  lua.global.set("call", (...parts: (string | number)[]) => {
    try {
      assertNamed(parts);
      reply = command(parts);
      return true;
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
      return false;
    }
  });
  lua.global.set("reply_error", () => failure);
  lua.global.set("reply_kind", () => (reply === null ? "nil" : Array.isArray(reply) ? "list" : "value"));
  lua.global.set("reply_value", () => reply);
  lua.global.set("reply_count", () => (Array.isArray(reply) ? reply.length : 0));
  lua.global.set("reply_item", (index: number) => (Array.isArray(reply) ? (reply[index] ?? false) : undefined));
  lua.global.set("key_count", () => keys.length);
  lua.global.set("key_at", (index: number) => keys[index]);
  lua.global.set("arg_count", () => args.length);
  lua.global.set("arg_at", (index: number) => args[index]);

  /** A script that locks only its own keys, as on Upstash, may touch no others. */
  function assertNamed([name, ...parts]: (string | number)[]): void {
    const touched = String(name).toUpperCase() === "DEL" ? parts : parts.slice(0, 1);
    const unnamed = touched.find((key) => !keys.includes(String(key)));
    if (unnamed !== undefined) throw new ReplyError(`ERR ${name} touches a key that is not among KEYS`);
  }

  function run(script: () => unknown, [count = "0", ...rest]: string[]): unknown {
    keys = rest.slice(0, Number(count));
    args = rest.slice(Number(count));
    try {
      return JSON.parse(String(script()));
    } catch (error) {
      throw new ReplyError(`ERR ${error instanceof Error ? error.message : error}`);
    }
  }

  return {
    async call(parts) {
      return command(parts);
    },
    async close() {
      lua.global.close();
    },
  };
}

function within(score: number, from: string, to: string): boolean {
  const above = from.startsWith("(") ? score > Number(from.slice(1)) : from === "-inf" || score >= Number(from);
  return above && (to === "+inf" || score <= Number(to));
}

function wrongType(): ReplyError {
  return new ReplyError("WRONGTYPE Operation against a key holding the wrong kind of value");
}
