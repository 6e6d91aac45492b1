import { lockDirectory } from "@/server/local/lock";

// Holds a directory's lock until it is killed, for lock.test.ts.
await lockDirectory(String(process.argv[2]));
process.send?.("locked");
setInterval(() => undefined, 60_000);
