import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import superjson from "superjson";
import { expect, it } from "vitest";
import { appRouter } from "@/server/router";
import { createRequestContext } from "@/server/trpc/context";
import { createTestApp } from "../../support/test-app";

const { services } = createTestApp({ stack: { url: "http://127.0.0.1:9", publishableKey: "unused" } });
const user = { id: crypto.randomUUID(), email: "noa@example.com", accessToken: "unused" };

async function errorOf(procedure: string, input: unknown) {
  const response = await fetchRequestHandler({
    endpoint: "/api/trpc",
    router: appRouter,
    createContext: () => createRequestContext(services, { requestId: "r1", user }),
    req: new Request(`http://app.test/api/trpc/${procedure}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    }),
  });
  const { error } = await response.json();
  return superjson.deserialize<{ data: { code: string; fields: Record<string, string> } }>(error).data;
}

it("gives the problem of each refused field", async () => {
  const data = await errorOf("dreams.create", { title: " ", category: "c".repeat(51), targetDate: "2027-02-30" });
  expect(data.code).toBe("BAD_REQUEST");
  expect(data.fields).toEqual({
    title: "A title needs at least one character.",
    category: "A category can have at most 50 characters.",
    targetDate: "A day is written as 2027-05-31 and has to exist.",
  });
});

it("names no field when no input was refused", async () => {
  const data = await errorOf("account.remove", { email: user.email });
  expect(data.code).not.toBe("BAD_REQUEST");
  expect(data.fields).toEqual({});
});
