/**
 * Runs a function at the end of the tick, when only I/O and timers are left. Callers that got here over a different
 * number of promises share one batch, and nobody waits for another turn of the event loop.
 */
export function atEndOfTick(run: () => void): void {
  queueMicrotask(() => process.nextTick(run));
}

/** Collects the items of one tick and sends them together. */
export class TickBatch<Item> {
  #items: Item[] = [];

  constructor(private readonly send: (items: readonly Item[]) => void) {}

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length === 1) atEndOfTick(() => this.#flush());
  }

  #flush(): void {
    const items = this.#items;
    this.#items = [];
    this.send(items);
  }
}
