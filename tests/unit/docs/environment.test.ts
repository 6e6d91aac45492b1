import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const read = (name: string) => readFileSync(name, "utf8");
const example = [...read(".env.example").matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name ?? "");

/** What is set by Node.js, by Vercel, or by the launcher. */
const SET_BY_OTHERS = ["NODE_ENV", "VERCEL", "EMBEDDED_STACK", "EMBEDDED_MAILS"];
const [schema = ""] = read("server/env.ts").split("export type Env");
const variables = [...schema.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)]
  .map(([, name]) => name ?? "")
  .filter((name) => !SET_BY_OTHERS.includes(name));

it("every variable that the server reads is in .env.example", () => {
  expect(variables.length).toBeGreaterThan(30);
  expect(variables.filter((name) => !example.includes(name))).toEqual([]);
});

it("every variable that the server reads is in the README's table, those of OpenTelemetry as a group", () => {
  const readme = read("README.md");
  expect(variables.filter((name) => !name.startsWith("OTEL_") && !readme.includes(`\`${name}\``))).toEqual([]);
});

it("no variable is in .env.example twice, where the second, which is empty, would win", () => {
  expect(example.filter((name, index) => example.indexOf(name) !== index)).toEqual([]);
});
