import { DEMO_ACCOUNT } from "@/server/local/demo";
import { forkStack } from "@/server/local/stack-child";

// A parent to be killed by stack-process.test.ts: starts a stack on the folder it is given, and tells its process id.
const stack = forkStack({ dataDir: String(process.argv[2]), demo: DEMO_ACCOUNT }, () => undefined);
await stack.ready;
process.send?.(stack.process.pid);
