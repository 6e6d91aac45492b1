import { LRUCache } from "lru-cache";
import type { BackgroundRunner } from "@/server/cache";
import type { Clock } from "@/server/clock";
import type { Asking } from "./asking-for";
import type { AuthSession, Renewal, RenewSession } from "./auth-server";
import type { SessionTokens } from "./session-cookie";
import { freshnessOf } from "./session-cookie";

/**
 * What happens to a request's session. `kept`: nothing changes. `renewed`: cookies have to be set. `ended`: cookies have to
 * be removed. `unknown`: its token has expired and the auth server cannot be reached.
 */
export type SessionState =
  | { kind: "kept" }
  | { kind: "renewed"; session: AuthSession }
  | { kind: "ended" }
  | { kind: "unknown" };

export interface SessionRenewerOptions {
  renew: RenewSession;
  /** Whether the project signed this access token, even if it has expired. Rejects when that cannot be found out. */
  isOurs: (accessToken: string) => Promise<boolean>;
  clock: Pick<Clock, "now">;
  background: BackgroundRunner;
}

interface Attempt {
  promise: Promise<Renewal>;
  /** Null while the attempt is under way. */
  renewal: Renewal | null;
  /** Milliseconds since the epoch; null while it is under way. */
  endedAt: number | null;
}

/** How long the next attempts are answered without trying after one could not reach the auth server, in milliseconds. */
const AWAY_MS = 2_000;
/** How long requests with the previous token are given the new session; after that the auth server decides again. */
const HELD_MS = 120_000;
const MAX_ATTEMPTS = 1_000;

/**
 * Renews sessions before they expire. Each refresh token is exchanged once, however many requests carry it, including
 * requests that were sent before the browser had the new cookie. While the token is still valid no request waits: the
 * renewal runs in the background, and a later request sets the new cookies. A session whose cookies were never set is not
 * lost, because the auth server returns the current session again for the previous token. Only a cookie with an access token
 * of the project costs a request, because the auth server counts all requests as those of this app.
 */
export class SessionRenewer {
  readonly #attempts = new LRUCache<string, Attempt>({ max: MAX_ATTEMPTS });
  readonly #options: SessionRenewerOptions;

  constructor(options: SessionRenewerOptions) {
    this.#options = options;
  }

  async settle(tokens: SessionTokens, asking?: Asking): Promise<SessionState> {
    const freshness = freshnessOf(tokens, this.#options.clock.now());
    if (freshness === "good") return { kind: "kept" };
    if (tokens.refreshToken === null) return { kind: freshness === "over" ? "ended" : "kept" };
    const isOurs = await this.#options.isOurs(tokens.accessToken).catch(() => null);
    if (isOurs !== true) {
      if (freshness === "ending") return { kind: "kept" };
      return { kind: isOurs === false ? "ended" : "unknown" };
    }
    const attempt = this.#attempt(tokens.refreshToken, asking);
    const renewal = freshness === "over" ? await attempt.promise : attempt.renewal;
    if (renewal?.kind === "renewed") return renewal;
    if (freshness === "ending") return { kind: "kept" };
    return { kind: renewal?.kind === "refused" ? "ended" : "unknown" };
  }

  /** The last attempt with this token, unless it could not reach the auth server and that was a while ago. */
  #attempt(refreshToken: string, asking?: Asking): Attempt {
    const { renew, clock, background } = this.#options;
    const last = this.#attempts.get(refreshToken);
    if (last && !isWorthAnother(last, clock.now())) return last;
    const attempt: Attempt = { promise: renew(refreshToken, asking), renewal: null, endedAt: null };
    this.#attempts.set(refreshToken, attempt);
    background.run("renew session", async () => {
      attempt.renewal = await attempt.promise;
      attempt.endedAt = clock.now();
    });
    return attempt;
  }
}

function isWorthAnother({ renewal, endedAt }: Attempt, now: number): boolean {
  if (renewal === null || endedAt === null) return false;
  if (renewal.kind === "refused") return false;
  return Math.abs(now - endedAt) >= (renewal.kind === "renewed" ? HELD_MS : AWAY_MS);
}
