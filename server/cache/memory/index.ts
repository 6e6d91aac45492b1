import type { StoreFactory } from "../protocol/store";
import type { MemoryStoreOptions } from "./memory-store";
import { MemoryStore } from "./memory-store";

export type { MemoryStoreOptions };
export { MemoryStore };

/** The store of one process. */
export function memory(options: Omit<MemoryStoreOptions, "clock"> = {}): StoreFactory {
  return ({ clock }) => new MemoryStore({ ...options, clock });
}
