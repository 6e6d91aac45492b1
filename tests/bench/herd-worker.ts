import type { BackendAddress } from "./backend-client";
import { START } from "./peers";
import type { PeerName } from "./peers/names";
import type { Subject } from "./subjects";

// One process of the herd: on a signal it builds one person's cold context many times at once.

export interface HerdCall {
  address: BackendAddress;
  subject: PeerName;
  userId: string;
  readers: number;
}

const made = new Map<PeerName, Subject>();

process.on("message", async ({ address, subject: name, userId, readers }: HerdCall) => {
  const subject = made.get(name) ?? START[name](address);
  made.set(name, subject);
  // A thousand loads at once may be late, but they are counted where they arrive.
  await Promise.allSettled(Array.from({ length: readers }, () => subject.build(userId)));
  await subject.settled();
  process.send?.("done");
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
