import type { SectionName } from "@/server/clarify/context";

const TABLES: Record<SectionName, string> = {
  user: "users",
  dreams: "dreams",
  patterns: "clarify_patterns",
  sessions: "clarify_sessions",
  reflections: "reflections",
};

/**
 * A database whose answers to section loaders can be held back: the rows have been read, and what was read is on its way
 * for as long as the test wants.
 */
export class HeldLoads {
  readonly #waiting = new Set<string>();
  readonly #allHeld = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();

  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input instanceof Request ? input.url : input));
    const held = (init?.method ?? "GET") === "GET" && this.#waiting.delete(pathname);
    const response = await fetch(input, init);
    if (!held) return response;
    // The body as well, which otherwise could still be on its way.
    const body = await response.text();
    if (this.#waiting.size === 0) this.#allHeld.resolve();
    await this.#released.promise;
    return new Response(body, response);
  };

  /** Holds back the next load of each of these sections, but none after it. */
  hold(sections: readonly SectionName[]): void {
    for (const name of sections) this.#waiting.add(`/rest/v1/${TABLES[name]}`);
    if (this.#waiting.size === 0) this.#allHeld.resolve();
  }

  /** Resolves when all of them have been read and are held back. */
  get held(): Promise<void> {
    return this.#allHeld.promise;
  }

  /** Lets go of what is held back. */
  release(): void {
    this.#released.resolve();
  }
}
