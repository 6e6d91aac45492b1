import { expect, it } from "vitest";
import { appRouter } from "@/server/router";
import { describeProcedures } from "@/server/trpc/describe-procedures";

const procedures = describeProcedures(appRouter);

it("describes every procedure of the router", () => {
  expect(procedures.map(({ path }) => path)).toEqual(Object.keys(appRouter._def.procedures));
});

it.each(procedures)("$path has a description, in a sentence", ({ description }) => {
  expect(description).toMatch(/^[A-Z].{15,}\.$/s);
});

it("describes each field's type and whether it is required", () => {
  const fieldsOf = (wanted: string) => procedures.find(({ path }) => path === wanted)?.fields;
  expect(fieldsOf("account.get")).toEqual([]);
  expect(fieldsOf("sessions.list")).toEqual([
    { name: "status", type: '"active" or "archived"', required: true },
    { name: "cursor", type: "string, at most 200 characters or null", required: false },
    { name: "limit", type: "integer, 1 to 100, 30 unless given", required: false },
  ]);
  expect(fieldsOf("messages.send")).toEqual([
    { name: "sessionId", type: "uuid", required: true },
    { name: "id", type: "uuid", required: true },
    { name: "content", type: "string, 1 to 4000 characters", required: true },
    { name: "opens", type: "object or null", required: false },
    { name: "timeZone", type: 'string, at most 64 characters, "UTC" unless given', required: false },
  ]);
  expect(fieldsOf("dreams.update")).toContainEqual({
    name: "description",
    type: "string, at most 4000 characters or null",
    required: false,
  });
});
