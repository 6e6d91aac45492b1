import { after } from "next/server";
import { createHandler } from "../../../../server/handler";
import { authenticate, store } from "../../../../server/your-app";

const handler = createHandler({
  store,
  authenticate,
  // Keeps the function alive until what the cache does behind a reply is done.
  background: { run: (_name, task) => after(task) },
});

export { handler as GET, handler as POST };
