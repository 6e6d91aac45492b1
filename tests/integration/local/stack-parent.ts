import { DEMO_ACCOUNT } from "@/server/demo/seed";
import { forkStack } from "@/server/local/stack-child";

// A parent that stack-process.test.ts kills: it starts a stack on the given folder and prints its process id.
const stack = forkStack(
  { dataDir: String(process.argv[2]), siteUrl: "http://localhost:3000", demo: DEMO_ACCOUNT },
  () => undefined,
);
await stack.ready;
process.send?.(stack.process.pid);
