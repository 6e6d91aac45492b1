/**
 * Collects what is asked in one tick. It ends when nothing is left to run but I/O and timers: callers that got there
 * over a different number of promises are still together, and nobody waits for the event loop to come round.
 */
export class TickBatch<Item> {
  #items: Item[] = [];

  constructor(private readonly send: (items: readonly Item[]) => void) {}

  add(item: Item): void {
    this.#items.push(item);
    if (this.#items.length === 1) queueMicrotask(() => process.nextTick(() => this.#flush()));
  }

  #flush(): void {
    const items = this.#items;
    this.#items = [];
    this.send(items);
  }
}
