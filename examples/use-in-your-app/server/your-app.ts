import type { Goal, PracticeStore } from "./practice-store";

// Stands for what your app has already: a database, and sessions that say who is asking.

const goals = new Map<string, Goal[]>();

export const store: PracticeStore = {
  client: async (id) => ({
    id,
    fullName: "Ada Stone",
    joinedAt: new Date("2026-01-05"),
    meetingsHeld: 12,
    notesWritten: 3,
  }),
  goals: async (clientId) => goals.get(clientId) ?? [],
  observations: async () => [{ id: "o1", text: "Decides quickly, and regrets slowly", weight: 7 }],
  meetings: async () => [{ id: "m1", topic: "The move", turns: 18, lastAt: new Date("2026-03-01") }],
  notes: async () => [],
  async addGoal(clientId, { title }) {
    const goal = { id: crypto.randomUUID(), title, dueOn: null, changedAt: new Date() };
    goals.set(clientId, [goal, ...(goals.get(clientId) ?? [])]);
    return goal;
  },
};

const sessions = new Map([["a-session-of-ada", { id: "ada" }]]);

export async function authenticate(request: Request): Promise<{ id: string } | null> {
  const [, session = ""] = /(?:^|; )session=([^;]+)/.exec(request.headers.get("cookie") ?? "") ?? [];
  return sessions.get(session) ?? null;
}
