import type { AnyMutationProcedure, AnyProcedure } from "@trpc/server";
import type { AppRouter } from "@/server/router";
import { appRouter } from "@/server/router";

type Routers = AppRouter["_def"]["record"];
type Mutations<Name extends keyof Routers & string> = {
  [Key in keyof Routers[Name] & string]: Routers[Name][Key] extends AnyMutationProcedure ? `${Name}.${Key}` : never;
}[keyof Routers[Name] & string];

/** Every mutation of the root router: a table with these keys does not compile while one is missing. */
export type MutationPath = { [Name in keyof Routers & string]: Mutations<Name> }[keyof Routers & string];

/** The root router's procedures by path. Its types have them as a tree. */
const procedures = appRouter._def.procedures as unknown as Record<string, AnyProcedure>;

/** The mutations in the router itself, for tests that compare their table with it. */
export const mutations: readonly (readonly [path: string, procedure: AnyProcedure])[] = Object.entries(
  procedures,
).filter(([, procedure]) => procedure._def.type === "mutation");
