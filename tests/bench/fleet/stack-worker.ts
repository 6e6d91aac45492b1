import { startStack } from "@/tests/support/database/test-stack";
import type { FromStack } from "./messages";

// The Supabase API over a new database on the PostgreSQL at DATABASE_URL, which is dropped when the parent disconnects.

const stack = await startStack({ driver: "postgres" });
process.on("disconnect", () => void stack.stop().finally(() => process.exit(0)));
process.send?.({ address: stack.address } satisfies FromStack);
