import type { SectionName } from "@/server/clarify/sections";

const TABLES: Record<SectionName, string> = {
  user: "users",
  dreams: "dreams",
  patterns: "clarify_patterns",
  sessions: "clarify_sessions",
  reflections: "reflections",
};

/**
 * A database whose answers to section loaders can be held back: the rows have been read, and the answer arrives when
 * the test releases it.
 */
export class HeldLoads {
  /** The loads to hold back: those not asked yet, and those asked but not answered. */
  readonly #expected = new Set<string>();
  readonly #reading = new Set<string>();
  readonly #allHeld = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();

  readonly fetch: typeof fetch = async (input, init) => {
    const { pathname } = new URL(String(input instanceof Request ? input.url : input));
    const held = (init?.method ?? "GET") === "GET" && this.#expected.delete(pathname);
    if (!held) return fetch(input, init);
    this.#reading.add(pathname);
    const response = await fetch(input, init);
    // The body as well, which could otherwise still be on its way.
    const body = await response.text();
    this.#reading.delete(pathname);
    this.#settle();
    await this.#released.promise;
    return new Response(body, response);
  };

  /** Holds back the next load of each of these sections, and no later one. */
  hold(sections: readonly SectionName[]): void {
    for (const name of sections) this.#expected.add(`/rest/v1/${TABLES[name]}`);
    this.#settle();
  }

  /** Resolves when all of them have read their rows and are held back. */
  get held(): Promise<void> {
    return this.#allHeld.promise;
  }

  /** Releases what is held back. */
  release(): void {
    this.#released.resolve();
  }

  #settle(): void {
    if (this.#expected.size + this.#reading.size === 0) this.#allHeld.resolve();
  }
}
