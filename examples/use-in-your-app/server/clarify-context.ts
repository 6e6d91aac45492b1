import { z } from "zod";
import { quote } from "@/server/context/quote";
import { createContextRouter } from "@/server/context/router";
import { defineSection } from "@/server/context/section";
import type { PracticeStore } from "./practice-store";
import { memberProcedure } from "./trpc";

interface Client {
  user: { id: string };
  store: PracticeStore;
}

const policy = { ttlMs: 5 * 60_000, version: 1 };

const client = defineSection({
  name: "client",
  heading: "Who they are",
  empty: "Nothing is known about them yet.",
  policy,
  load: (ctx: Client) => ctx.store.client(ctx.user.id),
  items: (row) => (row === null ? [] : [{ id: row.id, label: row.fullName, text: quote(row.fullName) }]),
});

const goals = defineSection({
  name: "goals",
  heading: "What they work towards",
  empty: "They have no goal yet.",
  policy,
  load: (ctx: Client) => ctx.store.goals(ctx.user.id),
  items: (rows) => rows.map(({ id, title }) => ({ id, label: title, text: quote(title) })),
});

const meetings = defineSection({
  name: "meetings",
  heading: "Their other meetings",
  empty: "This is their first meeting.",
  policy,
  itemsInput: z.object({ meetingId: z.string().nullable() }),
  load: (ctx: Client) => ctx.store.meetings(ctx.user.id),
  items: (rows, { meetingId }) =>
    rows
      .filter(({ id }) => id !== meetingId)
      .map(({ id, topic, lastAt }) => ({
        id,
        label: topic,
        text: `${quote(topic)}, last on ${lastAt.toISOString().slice(0, 10)}`,
      })),
});

const observations = defineSection({
  name: "observations",
  heading: "What was noticed",
  empty: "Nothing was noticed yet.",
  policy,
  load: (ctx: Client) => ctx.store.observations(ctx.user.id),
  items: (rows) => rows.map(({ id, text }) => ({ id, label: text, text: quote(text) })),
});

/** This app's own sections over its own tables. */
export const clarifyContext = createContextRouter({
  procedure: memberProcedure,
  sections: [client, goals, meetings, observations],
  budget: 4_000,
});
