/**
 * Runs at the end of the tick, when nothing is left but I/O and timers: callers that got there over a different number
 * of promises are still together, and nobody waits for the event loop to come round.
 */
export function atEndOfTick(run: () => void): void {
  queueMicrotask(() => process.nextTick(run));
}

/** Collects what is asked in one tick. */
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
