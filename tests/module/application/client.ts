// The browser's side. Checked by the compiler, and loaded.
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { contextStaleTime, createWarmContext, onIntent } from "clarify-context/react";
import type { AppRouter } from "./router.js";

const { useTRPC } = createTRPCContext<AppRouter>();
const useWarmContext = createWarmContext(() => useTRPC().context);

export const useContextQuery = (projectId: string) =>
  useTRPC().context.get.queryOptions({ projectId }, { staleTime: contextStaleTime });

export function useLinkProps(projectId: string) {
  const warm = useWarmContext();
  return onIntent(() => warm({ projectId }));
}

export function useMistakes() {
  // @ts-expect-error `projectId` is missing
  useWarmContext()({});
  // @ts-expect-error `projectId` is no number
  useWarmContext()({ projectId: 1 });
}
