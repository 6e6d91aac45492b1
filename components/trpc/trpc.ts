import { createTRPCReact } from "@trpc/react-query";
import type { AppRouter } from "@/server/router";

export const trpc = createTRPCReact<AppRouter>();

/** The plain client behind the hooks, as `useUtils().client` gives it. */
export type TrpcClient = ReturnType<typeof trpc.useUtils>["client"];
