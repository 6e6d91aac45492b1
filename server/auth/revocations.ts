import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { ScriptRunner } from "@/server/cache";
import { defineScript } from "@/server/cache";
import type { Clock } from "@/server/clock";
import type { Logger } from "@/server/telemetry/logger";
import type { AuthenticatedUser, TokenSession, VerifyAccessToken } from "./access-token";

/**
 * The sessions whose access tokens are refused before they expire. The auth server can end a session, but it cannot take
 * back the tokens that it signed.
 */
export interface Revocations {
  /** The session was signed out. */
  revoke(session: TokenSession): Promise<void>;
  /** The person chose a new password: revokes all of their earlier sessions except this one. */
  revokeOthers(session: TokenSession): Promise<void>;
  isRevoked(session: TokenSession): Promise<boolean>;
}

/** As `verify`, but refuses tokens of revoked sessions. A token without a session id cannot be revoked. */
export function refusingRevoked(verify: VerifyAccessToken, revocations: Revocations): VerifyAccessToken {
  return async (accessToken) => {
    const user: AuthenticatedUser | null = await verify(accessToken);
    if (!user?.session) return user;
    return (await revocations.isRevoked(user.session)) ? null : user;
  };
}

/** How many revocations a process remembers by itself. */
const REMEMBERED = 100_000;

/** Revocations of this process only. */
export function createMemoryRevocations({ now }: Pick<Clock, "now">): Revocations {
  const ended = new LRUCache<string, true>({ max: REMEMBERED, perf: { now }, ttlResolution: 0 });
  const marks = new LRUCache<string, string>({ max: REMEMBERED, perf: { now }, ttlResolution: 0 });
  return {
    async revoke(session) {
      ended.set(session.id, true, { ttl: keptMs(session) });
    },
    async revokeOthers(session) {
      marks.set(session.userId, markOf(session, now()), { ttl: lifeMs(session) });
    },
    async isRevoked(session) {
      return ended.has(session.id) || isBefore(session, marks.get(session.userId));
    },
  };
}

/** KEYS: what is set. ARGV: its value, how long it is kept in milliseconds. */
const MARK = defineScript(`
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);
/** KEYS: the session's end, the person's mark. */
const READ = defineScript(`return { redis.call('GET', KEYS[1]) or '', redis.call('GET', KEYS[2]) or '' }`);

const readSchema = z.tuple([z.string(), z.string()]);

/** How long Redis is not asked after a failure, in milliseconds, so that an outage does not slow every request down. */
const AWAY_MS = 2_000;

export interface RedisRevocationsOptions {
  /** Its deadline is what a request waits for Redis at most. */
  scripts: Pick<ScriptRunner, "run">;
  clock: Pick<Clock, "now" | "elapsed">;
  logger: Logger;
}

/**
 * Revocations that all processes share. While Redis does not answer, each process knows only its own, and a token that was
 * signed out elsewhere works until it expires.
 */
export function createRedisRevocations({ scripts, clock, logger }: RedisRevocationsOptions): Revocations {
  const own = createMemoryRevocations(clock);
  let askedAgainAt = 0;

  async function mark(key: string, value: string, ms: number): Promise<void> {
    try {
      await scripts.run({ script: MARK, keys: [key], args: [value, Math.ceil(ms)] });
    } catch (err) {
      logger.error({ err }, "other processes were not told that a session has ended");
    }
  }

  return {
    async revoke(session) {
      await own.revoke(session);
      await mark(endKey(session), "ended", keptMs(session));
    },
    async revokeOthers(session) {
      await own.revokeOthers(session);
      await mark(markKey(session), markOf(session, clock.now()), lifeMs(session));
    },
    async isRevoked(session) {
      if (await own.isRevoked(session)) return true;
      if (clock.elapsed() < askedAgainAt) return false;
      try {
        const keys = [endKey(session), markKey(session)];
        const [ended, marked] = readSchema.parse(await scripts.run({ script: READ, keys, args: [] }));
        return ended !== "" || isBefore(session, marked);
      } catch (err) {
        askedAgainAt = clock.elapsed() + AWAY_MS;
        logger.warn({ err }, "ended sessions could not be looked up");
        return false;
      }
    },
  };
}

const endKey = ({ userId, id }: TokenSession) => `revoked:{${userId}}:${id}`;
const markKey = ({ userId }: TokenSession) => `revoked:{${userId}}`;

/** The lifetime of a token, which bounds how long any earlier token of the person can still work. */
const lifeMs = ({ issuedAt, expiresAt }: TokenSession) => Math.max(1, expiresAt - issuedAt) * 1_000;
/**
 * How long a session stays revoked. It may have been renewed just before, and the presented token is then not its newest.
 */
const keptMs = (session: TokenSession) => lifeMs(session) + RENEWED_WITHIN_MS;
/** How long a renewal that is under way, and the clocks of two machines, may take. */
const RENEWED_WITHIN_MS = 120_000;

/** When a new password was chosen, in seconds since the epoch, and in which session. */
const markOf = ({ id }: TokenSession, now: number) => `${Math.floor(now / 1_000)} ${id}`;

function isBefore({ id, issuedAt }: TokenSession, mark: string | undefined): boolean {
  if (!mark) return false;
  const [at = "", kept] = mark.split(" ");
  // A token of the same second may be older than the mark.
  return id !== kept && issuedAt <= Number(at);
}
