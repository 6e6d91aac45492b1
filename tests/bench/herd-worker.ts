import type { BackendAddress } from "./backend-client";
import { cacheAside, clarify } from "./subjects";

// One process of the herd: on a signal it builds one person's cold context many times at once.

export interface HerdCall {
  address: BackendAddress;
  subject: "clarify" | "cache-aside";
  userId: string;
  readers: number;
}

const made = new Map<HerdCall["subject"], ReturnType<typeof cacheAside>>();

process.on("message", async ({ address, subject: name, userId, readers }: HerdCall) => {
  const subject = made.get(name) ?? (name === "clarify" ? clarify(name, address) : cacheAside(address));
  made.set(name, subject);
  await Promise.all(Array.from({ length: readers }, () => subject.build(userId)));
  await subject.settled();
  process.send?.("done");
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
