import { expect, inject, test } from "vitest";
import { unwrap } from "@/server/database/errors";
import { signUpPerson } from "@/tests/support/database/person";

const stack = inject("stack");

test("signing up creates a profile with the given name", async () => {
  const person = await signUpPerson(stack, { name: "  Ada Lovelace " });
  const row = unwrap(await person.database.from("users").select("*").single());
  expect(row).toMatchObject({ id: person.id, name: "Ada Lovelace", tier: "free", total_sessions: 0 });
});

test("without a name, the profile is named after the e-mail's local part", async () => {
  const person = await signUpPerson(stack, { email: `noa.${crypto.randomUUID()}@example.com` });
  const row = unwrap(await person.database.from("users").select("name").single());
  expect(row.name).toBe(person.email.split("@")[0]);
});
