/** The payload is the serialised value; undefined when it cannot be serialised. */
export interface LoadedUnderLease<T> {
  readonly value: T;
  readonly payload: string | undefined;
}

interface InFlightLoad {
  readonly token: string;
  readonly loaded: Promise<LoadedUnderLease<unknown>>;
}

/**
 * The loads of this process, from their start until the value was stored or refused. A reader may join one only if it
 * was just told that this very lease still holds.
 */
export class InFlightLoads {
  readonly #loads = new Map<string, InFlightLoad>();

  find(key: string, token: string): InFlightLoad | undefined {
    const load = this.#loads.get(key);
    return load?.token === token ? load : undefined;
  }

  /** Offers `load` until `settled`, which never rejects. */
  add(key: string, load: InFlightLoad, settled: Promise<void>): void {
    this.#loads.set(key, load);
    settled.finally(() => {
      if (this.#loads.get(key) === load) this.#loads.delete(key);
    });
  }
}
