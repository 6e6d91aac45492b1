import { randomUUID } from "node:crypto";
import { Redis } from "@upstash/redis";
import { SignJWT } from "jose";
import { createAccessTokenVerifier } from "@/server/auth/access-token";
import { HIT_OUTCOMES } from "@/server/cache";
import { upstashScripts } from "@/server/cache/upstash";
import type { ClarifyContext } from "@/server/clarify/sections";
import { systemClock } from "@/server/clock";
import { createAnthropicVoice } from "@/server/conversation/anthropic-voice";
import { HISTORY_LIMIT } from "@/server/conversation/history";
import type { Voice } from "@/server/conversation/voice";
import { unwrap } from "@/server/database/errors";
import { createRedisLimiter } from "@/server/limits/message-limiter";
import { createLogger } from "@/server/telemetry/logger";
import type { BackendAddress } from "./backend-client";
import { clarifyApp, openDatabase, promiseAll } from "./subjects";

export interface SentMessage {
  /** From its arrival until the model was called, and until the first word of its reply, in milliseconds. */
  preModelMs: number;
  firstTokenMs: number;
  /** How many of the five sections came from the cache; all or none if the context is cached as one. */
  fromCache: number;
}

/** One way to answer a person's messages. */
export interface Sender {
  name: string;
  /** Opens a conversation of a new person; `warm` as a page does it, before the first message. */
  open(warm: boolean): Promise<{ send(content: string): Promise<SentMessage> }>;
}

/** This project: the router, its limiter in Redis, and the check of the access token that HTTP would do. */
export async function clarifySender(address: BackendAddress): Promise<Sender> {
  const { voice, times } = timedVoice(address);
  const { redisUrl: url, redisToken: token } = address;
  const limiter = createRedisLimiter({
    scripts: upstashScripts({ url, token, timeoutMs: 50 }),
    perMinute: 1_000_000,
    clock: systemClock,
    logger: createLogger("silent"),
  });
  const app = clarifyApp(address, { voice, limiter });
  const secret = randomUUID();
  const verify = createAccessTokenVerifier({
    supabaseUrl: address.databaseUrl,
    issuer: "bench",
    jwtSecret: secret,
    clock: systemClock,
  });
  return {
    name: "clarify",
    async open(warm) {
      const userId = randomUUID();
      const sessionId = randomUUID();
      const accessToken = await signToken(userId, secret);
      if (warm) await app.callerOf(userId).clarifyContext.get({ sessionId });
      await app.settled();
      return {
        async send(content) {
          times.begin();
          const user = await verify(accessToken);
          if (user === null) throw new Error("The bench's own token was refused");
          let fromCache = 0;
          const events = await app.callerOf(user.id).messages.send({ sessionId, id: randomUUID(), content });
          for await (const event of events) {
            if (event.type === "context") fromCache = countCached(event.context);
          }
          await app.settled();
          return { ...times.taken(), fromCache };
        },
      };
    },
  };
}

/**
 * The order of the application that this project replaces, one step after the other: whose session it is (asked of the
 * auth server), whether the conversation is theirs, storing the message, reading the history, reading the cache, and on
 * a miss reading the database (all five queries at once, which is faster than it was). Then the same model.
 */
export function serialSender(address: BackendAddress): Sender {
  const { voice, times } = timedVoice(address);
  const { databaseUrl, redisUrl: url, redisToken: token } = address;
  const database = openDatabase(address);
  const redis = new Redis({ url, token, enableTelemetry: false });
  const uncached = promiseAll(address);

  async function contextOf(userId: string): Promise<{ text: string; cached: boolean }> {
    const key = `serial:${userId}`;
    const held = await redis.get<string>(key);
    if (held !== null) return { text: held, cached: true };
    const text = await uncached.build(userId);
    await redis.set(key, text, { px: 300_000 });
    return { text, cached: false };
  }

  return {
    name: "serial",
    async open(warm) {
      const userId = randomUUID();
      const sessionId = randomUUID();
      if (warm) await contextOf(userId);
      return {
        async send(content) {
          times.begin();
          await (await fetch(`${databaseUrl}/auth/v1/user`, { headers: { authorization: "Bearer bench" } })).json();
          unwrap(await database.from("clarify_sessions").select("id").eq("id", sessionId).single());
          const message = { id: randomUUID(), user_id: userId, session_id: sessionId, role: "user" as const, content };
          unwrap(await database.from("clarify_messages").insert(message).select("id, role, content").single());
          const recent = unwrap(
            await database
              .from("clarify_messages")
              .select("id, role, content")
              .eq("session_id", sessionId)
              .order("created_at", { ascending: false })
              .limit(HISTORY_LIMIT),
          );
          const { text, cached } = await contextOf(userId);
          const reply = await speak(voice, text, recent.reverse());
          const row = { id: randomUUID(), user_id: userId, session_id: sessionId, role: "assistant" as const };
          unwrap(
            await database
              .from("clarify_messages")
              .insert({ ...row, content: reply })
              .select("id")
              .single(),
          );
          return { ...times.taken(), fromCache: cached ? 5 : 0 };
        },
      };
    },
  };
}

async function speak(voice: Voice, text: string, history: { role: "user" | "assistant"; content: string }[]) {
  let reply = "";
  const createDream = () => Promise.reject(new Error("The bench's model calls no tools"));
  const context: ClarifyContext = { text, tokens: 0, budget: 0, buildMs: 0, warmForMs: 0, sections: [] };
  const signal = AbortSignal.timeout(30_000);
  for await (const event of voice.reply({ context, history, crisis: null, today: "", createDream, signal })) {
    if (event.type === "text") reply += event.delta;
  }
  return reply;
}

/** The real model client, with a stopwatch for when it is called and when its first word arrives. */
function timedVoice({ modelUrl }: BackendAddress) {
  const inner = createAnthropicVoice({ apiKey: "bench", baseUrl: modelUrl, model: "bench", clock: systemClock });
  let [begunAt, calledAt, spokeAt] = [0, 0, 0];
  const voice: Voice = {
    ...inner,
    async *reply(request) {
      calledAt = performance.now();
      for await (const event of inner.reply(request)) {
        if (event.type === "text" && spokeAt === 0) spokeAt = performance.now();
        yield event;
      }
    },
  };
  const times = {
    begin() {
      begunAt = performance.now();
      spokeAt = 0;
    },
    taken: () => ({ preModelMs: calledAt - begunAt, firstTokenMs: spokeAt - begunAt }),
  };
  return { voice, times };
}

function countCached({ sections }: { sections: { source: string }[] }): number {
  return sections.filter(({ source }) => HIT_OUTCOMES.some((outcome) => outcome === source)).length;
}

function signToken(userId: string, secret: string): Promise<string> {
  return new SignJWT({ email: "bench@example.com", role: "authenticated" })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(userId)
    .setAudience("authenticated")
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));
}
