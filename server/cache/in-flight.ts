import { atEndOfTick } from "./protocol/batch";
import { entryId } from "./protocol/entry-id";
import type { EntryName } from "./protocol/store";

/** The serialised value; undefined when it cannot be serialised or no other reader shares it. */
export interface Loaded<T> {
  readonly value: T;
  readonly payload: string | undefined;
}

interface InFlightLoad {
  readonly token: string;
  readonly loaded: Promise<Loaded<unknown>>;
}

/**
 * The loads of this process, from their start until the value was stored or refused. A reader may join a load only if
 * the store has just answered that its lease still holds.
 */
export class InFlightLoads {
  readonly #loads = new Map<string, InFlightLoad>();

  find(entry: EntryName, token: string): InFlightLoad | undefined {
    const load = this.#loads.get(entryId(entry));
    return load?.token === token ? load : undefined;
  }

  /** Offers `load` until `settled`, which never rejects. */
  add(entry: EntryName, load: InFlightLoad, settled: Promise<void>): void {
    const id = entryId(entry);
    this.#loads.set(id, load);
    settled.finally(() => {
      if (this.#loads.get(id) === load) this.#loads.delete(id);
    });
  }
}

/**
 * Loads without a lease, because the store does not answer or took too long. Readers of one tick share one load, which
 * begins after the last of them asked: so nobody gets a value that is older than their read.
 */
export class UnleasedLoads {
  readonly #unstarted = new Map<string, { loaded: Promise<Loaded<unknown>>; shared: boolean }>();

  /** The load of the entry that begins at the end of this tick, if there is one. */
  share(entry: EntryName): Promise<Loaded<unknown>> | undefined {
    const load = this.#unstarted.get(entryId(entry));
    if (load) load.shared = true;
    return load?.loaded;
  }

  /**
   * Begins the load at the end of this tick and offers it to others until then. `load` gets whether others share it.
   */
  begin<T>(entry: EntryName, load: (shared: boolean) => Promise<Loaded<T>>): Promise<Loaded<T>> {
    const id = entryId(entry);
    const loaded = new Promise<void>(atEndOfTick).then(() => {
      const shared = this.#unstarted.get(id)?.shared ?? false;
      this.#unstarted.delete(id);
      return load(shared);
    });
    this.#unstarted.set(id, { loaded, shared: false });
    return loaded;
  }
}
