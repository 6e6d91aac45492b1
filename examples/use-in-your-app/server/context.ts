import { createContextRouter, defineSection, quote } from "clarify-context/trpc";
import { z } from "zod";
import type { Store } from "./store";
import { projectProcedure } from "./trpc";

/** What the sections load from. The procedure's context has to contain it, or the router does not compile. */
interface Reader {
  store: Store;
  user: { id: string };
}

const ofProject = z.object({ projectId: z.string().max(40) });

const member = defineSection({
  name: "member",
  heading: "Whom you are talking with",
  empty: "Nothing is known about them.",
  policy: { ttlMs: 10 * 60_000, version: 1 },
  load: ({ store, user }: Reader) => store.member(user.id),
  items: (row) =>
    row === null
      ? []
      : [{ id: row.id, label: row.fullName, text: `${quote(row.fullName)}, here since ${day(row.joinedOn)}` }],
});

/** The same for everybody who works on the project: loaded once for all of them. */
const tasks = defineSection({
  name: "tasks",
  heading: "What is left to do on the boat",
  empty: "Nothing is left to do.",
  policy: { ttlMs: 2 * 60_000, version: 1 },
  scope: "shared",
  input: ofProject,
  load: ({ store }: Reader, { input }) => store.tasks(input.projectId),
  items: (rows) =>
    rows.map(({ id, title, dueOn }) => ({
      id,
      label: title,
      text: dueOn === null ? quote(title) : `${quote(title)}, by ${day(dueOn)}`,
    })),
});

const notes = defineSection({
  name: "notes",
  heading: "Their own notes",
  empty: "They have written no note.",
  policy: { ttlMs: 5 * 60_000, version: 1 },
  input: ofProject,
  load: ({ store, user }: Reader, { input }) => store.notes(input.projectId, user.id),
  items: (rows) =>
    rows.map(({ id, text, writtenAt }) => ({ id, label: text, text: `${day(writtenAt)}: ${quote(text)}` })),
});

export const context = createContextRouter({
  procedure: projectProcedure,
  sections: [member, tasks, notes],
  budget: 2_000,
});

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
