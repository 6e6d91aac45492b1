import type { BackendAddress } from "./backend-client";
import { START } from "./peers";
import type { PeerName } from "./peers/names";
import type { Subject } from "./subjects";

// Another process, which builds a person's context whenever it is asked, and answers with its text.

export interface ReaderCall {
  address: BackendAddress;
  subject: PeerName;
  userId: string;
}

const made = new Map<PeerName, Subject>();

process.on("message", async ({ address, subject: name, userId }: ReaderCall) => {
  const subject = made.get(name) ?? START[name](address);
  made.set(name, subject);
  process.send?.(await subject.build(userId));
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
