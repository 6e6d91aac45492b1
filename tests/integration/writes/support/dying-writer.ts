import { z } from "zod";
import { createCache } from "@/server/cache";
import { upstash } from "@/server/cache/upstash";
import { openUserDatabase } from "@/server/database/client";
import { createDream } from "@/server/dreams/create-dream";

/** What the process has to write, and where; as JSON in its first argument. */
export const dyingWriterTask = z.object({
  redis: z.object({ url: z.string(), token: z.string(), prefix: z.string() }),
  stack: z.object({ url: z.string(), publishableKey: z.string() }),
  person: z.object({ id: z.string(), accessToken: z.string() }),
  fenceMs: z.number(),
  title: z.string(),
});

// Creates a dream, and is killed when the database has answered: after the commit, inside the fence.
const { redis, stack, person, fenceMs, title } = dyingWriterTask.parse(JSON.parse(process.argv[2] ?? ""));
const store = upstash({ ...redis, readTimeoutMs: 5_000, writeTimeoutMs: 5_000 });
const database = openUserDatabase({
  ...stack,
  accessToken: person.accessToken,
  fetch: async (input, init) => {
    await (await fetch(input, init)).text();
    process.kill(process.pid, "SIGKILL");
    return Response.error();
  },
});
const cache = createCache({ store, fenceMs });
await createDream({ user: { id: person.id }, cache, database: () => database }, { title });
