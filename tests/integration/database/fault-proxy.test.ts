import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import type { UserDatabase } from "@/server/database/client";
import { openUserDatabase } from "@/server/database/client";
import { DatabaseError, unwrap } from "@/server/database/errors";
import type { FaultProxy } from "@/tests/support/database/fault-proxy";
import { startFaultProxy } from "@/tests/support/database/fault-proxy";
import type { Person } from "@/tests/support/database/person";
import { createPerson } from "@/tests/support/database/person";

const stack = inject("stack");
let proxy: FaultProxy;
let person: Person;
let database: UserDatabase;

beforeAll(async () => {
  [proxy, person] = await Promise.all([startFaultProxy(stack.url), createPerson(stack, { name: "Ada" })]);
  const { publishableKey } = stack;
  database = openUserDatabase({ url: proxy.url, publishableKey, accessToken: person.accessToken });
});
afterEach(() => {
  proxy.heal();
  proxy.forget();
});
afterAll(() => proxy.close());

const readName = (signal?: AbortSignal) => {
  const query = database.from("users").select("name");
  return (signal ? query.abortSignal(signal) : query).maybeSingle();
};

describe("the database's client on a faulty network", () => {
  test("nothing wrong: the row", async () => {
    expect(unwrap(await readName())).toEqual({ name: "Ada" });
    expect(proxy.count(/^GET \/rest\/v1\/users/)).toBe(1);
  });

  test.each([
    ["a connection that is cut", { kind: "refuse" }, "unavailable"],
    ["an answer that is lost", { kind: "lost" }, "unavailable"],
    ["an answer that is cut in the middle", { kind: "cut" }, "unavailable"],
    ["an answer that is damaged", { kind: "corrupt" }, "unavailable"],
    ["an internal error", { kind: "error" }, "unavailable"],
    ["an error whose body is null", { kind: "error", body: null }, "unavailable"],
    ["a gateway timeout", { kind: "html", status: 504 }, "timeout"],
    ["a proxy's error page", { kind: "html" }, "unavailable"],
    ["a captive portal's page", { kind: "html", status: 200 }, "unavailable"],
    ["an address that knows no such path", { kind: "html", status: 404 }, "unavailable"],
    [
      "an expired token",
      { kind: "error", status: 401, body: { code: "PGRST303", message: "JWT expired" } },
      "forbidden",
    ],
    ["a statement that ran too long", { kind: "error", body: { code: "57014", message: "canceled" } }, "timeout"],
  ] as const)("%s is a failure and never an empty answer", async (_name, fault, code) => {
    proxy.inject(fault);
    const failure = await readName()
      .then(unwrap)
      .then(
        () => null,
        (error: unknown) => error,
      );
    expect(failure).toBeInstanceOf(DatabaseError);
    expect(failure).toMatchObject({ code });
  });

  test("an answer that comes byte by byte is the row", async () => {
    proxy.inject({ kind: "drip", bytes: 1, everyMs: 1 });
    expect(unwrap(await readName())).toEqual({ name: "Ada" });
  });

  test("a connection that comes and goes fails, and works again", async () => {
    proxy.inject({ kind: "flap", everyMs: 50 });
    const outcomes = new Set<string>();
    await expect
      .poll(async () => outcomes.add((await readName()).error === null ? "row" : "failure").size, { interval: 5 })
      .toBe(2);
  });

  test("an aborted call is not reported as a timeout", async () => {
    proxy.inject({ kind: "hang" }, /users/);
    const caller = new AbortController();
    const reading = readName(caller.signal);
    const outcome = reading.then(unwrap).then(
      () => null,
      (error: unknown) => error,
    );
    await proxy.arrived(1);
    caller.abort();
    expect(await outcome).toMatchObject({ code: "aborted", status: 0 });
  });
});
