import { atEndOfTick } from "./protocol/batch";

/** The payload is the serialised value; undefined when it cannot be serialised, or nobody else is to have it. */
export interface Loaded<T> {
  readonly value: T;
  readonly payload: string | undefined;
}

interface InFlightLoad {
  readonly token: string;
  readonly loaded: Promise<Loaded<unknown>>;
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

/**
 * Loads that no lease covers, because the store does not answer or took too long. Readers of one tick share one: it
 * begins after the last of them asked, so that what they are told is never older than their asking.
 */
export class UnleasedLoads {
  readonly #unstarted = new Map<string, { loaded: Promise<Loaded<unknown>>; joined: boolean }>();

  /** The load that is about to begin, if there is one. */
  join(key: string): Promise<Loaded<unknown>> | undefined {
    const load = this.#unstarted.get(key);
    if (load) load.joined = true;
    return load?.loaded;
  }

  /** Begins at the end of this tick, and is offered until then. `load` is told whether somebody joined. */
  begin<T>(key: string, load: (joined: boolean) => Promise<Loaded<T>>): Promise<Loaded<T>> {
    const loaded = new Promise<void>(atEndOfTick).then(() => {
      const joined = this.#unstarted.get(key)?.joined ?? false;
      this.#unstarted.delete(key);
      return load(joined);
    });
    this.#unstarted.set(key, { loaded, joined: false });
    return loaded;
  }
}
