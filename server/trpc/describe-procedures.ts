import type { AnyTRPCProcedure, AnyTRPCRouter } from "@trpc/server";
import { z } from "zod";

export interface InputField {
  name: string;
  /** The type in a few words: `string, 1 to 200 characters`. */
  type: string;
  required: boolean;
}

/** A procedure, described for a person who calls it by hand. */
export interface ProcedureDescription {
  /** The path by which a client calls it: `dreams.list`. */
  path: string;
  kind: "query" | "mutation";
  description: string;
  /** Empty if the procedure takes no input. */
  fields: InputField[];
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** A schema of any library that can describe its input as JSON Schema. */
type Describable = Pick<z.ZodType, "~standard">;

const describable = z.custom<Describable>((input) => "~standard" in Object(input));

const definition = z.object({
  type: z.enum(["query", "mutation"]),
  meta: z.object({ description: z.string() }),
  inputs: z.array(describable),
});

/**
 * Every procedure of a router, in the router's order.
 * @throws when a procedure has no description, is a subscription, or takes an input that JSON cannot express.
 */
export function describeProcedures(router: AnyTRPCRouter): ProcedureDescription[] {
  const procedures: Record<string, AnyTRPCProcedure> = router._def.procedures;
  return Object.entries(procedures).map(([path, procedure]) => {
    const { type, meta, inputs } = definition.parse(procedure._def);
    return { path, kind: type, description: meta.description, fields: inputs.flatMap(inputFields) };
  });
}

function inputFields(input: Describable): InputField[] {
  const schema: JsonSchema = input["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    type: describeType(schema),
    required: required.includes(name),
  }));
}

function describeType(schema: JsonSchema | boolean): string {
  if (typeof schema === "boolean") return "anything";
  if (schema.anyOf !== undefined) return schema.anyOf.map(describeType).join(" or ");
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  const type = schema.format ?? schema.type ?? "anything";
  const { minimum, maximum, minLength, maxLength } = schema;
  return [
    type,
    range(minimum, maximum),
    range(minLength, maxLength, " characters"),
    schema.default === undefined ? "" : `${JSON.stringify(schema.default)} unless given`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function range(least: number | undefined, most: number | undefined, unit = ""): string {
  if (most === undefined) return least === undefined ? "" : `at least ${least}${unit}`;
  return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`;
}
