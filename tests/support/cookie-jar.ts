import type { CookieMethodsServer } from "@supabase/ssr";

/** The cookies of one browser. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();
  /** How many cookies were set or taken away. */
  changes = 0;

  readonly methods: CookieMethodsServer = {
    getAll: () => [...this.#cookies].map(([name, value]) => ({ name, value })),
    setAll: (changed) => {
      for (const { name, value, options } of changed) {
        this.changes += 1;
        if (value === "" || options.maxAge === 0) this.#cookies.delete(name);
        else this.#cookies.set(name, value);
      }
    },
  };

  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }
}
