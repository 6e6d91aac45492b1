import type { AnyProcedure, AnyRouter } from "@trpc/server";
import { z } from "zod";
import { appRouter } from "@/server/router";

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** The part of JSON Schema that the inputs of our procedures use. */
const inputSchema = z.object({
  type: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  enum: z.array(value).optional(),
  get anyOf() {
    return z.array(inputSchema).optional();
  },
  get items() {
    return inputSchema.optional();
  },
  get properties() {
    return z.record(z.string(), inputSchema).optional();
  },
  required: z.array(z.string()).optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

export type InputSchema = z.infer<typeof inputSchema>;

export interface DeclaredProcedure {
  path: string;
  type: "query" | "mutation";
  /** Null if it takes no input. */
  input: InputSchema | null;
}

type Describable = { "~standard": { jsonSchema: { input(options: { target: "draft-2020-12" }): unknown } } };

const definition = z.object({
  type: z.enum(["query", "mutation"]),
  inputs: z.array(z.custom<Describable>((input) => "~standard" in Object(input))),
});

const router: AnyRouter = appRouter;
const declared: [path: string, procedure: AnyProcedure][] = Object.entries(router._def.procedures);

/** Every procedure of the root router with its input's schema, in the router's order. */
export const procedures: readonly DeclaredProcedure[] = declared.map(([path, procedure]) => {
  const { type, inputs } = definition.parse(procedure._def);
  // A procedure that builds on another's input has both, and the later one has all of the earlier's fields.
  const input = inputs.at(-1);
  const schema = input && inputSchema.parse(input["~standard"].jsonSchema.input({ target: "draft-2020-12" }));
  return { path, type, input: schema ?? null };
});

/** A value of an input that is not an object or a list, by the names that lead to it. */
export interface Leaf {
  path: readonly string[];
  schema: InputSchema;
}

/** The leaves of an input, optional ones included. A list has one item. */
export function leavesOf(schema: InputSchema | null, path: readonly string[] = []): Leaf[] {
  if (schema === null) return [];
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, part]) => leavesOf(part, [...path, name]));
  }
  if (schema.items) return leavesOf(schema.items, [...path, "0"]);
  // "Or null": the other is what matters.
  const other = schema.anyOf?.find(({ type }) => type !== "null");
  return other ? leavesOf(other, path) : [{ path, schema }];
}

/** An input with this value at each leaf; leaves whose value is undefined are left out. */
export function inputWith(schema: InputSchema | null, valueAt: (leaf: Leaf) => unknown): unknown {
  const build = (part: InputSchema, path: readonly string[]): unknown => {
    if (part.properties) {
      const fields = Object.entries(part.properties).map(([name, field]) => [name, build(field, [...path, name])]);
      return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
    }
    if (part.items) return [build(part.items, [...path, "0"])];
    const other = part.anyOf?.find(({ type }) => type !== "null");
    return other ? build(other, path) : valueAt({ path, schema: part });
  };
  return schema === null ? undefined : build(schema, []);
}
