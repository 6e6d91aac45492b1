import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { requestContextOf } from "@/server/trpc/http-context";
import { appRouter } from "@/server/trpc/root";

const handler = (request: Request) =>
  fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: () => requestContextOf(request),
  });

export { handler as GET, handler as POST };
