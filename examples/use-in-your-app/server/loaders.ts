import type { SectionData } from "@/server/clarify/sections";
import type { SectionName } from "@/server/context/context";
import type { PracticeStore } from "./practice-store";

export type SectionLoaders = { [Name in SectionName]: (clientId: string) => Promise<SectionData<Name>> };

/** The five sections out of this app's own tables. A row that lacks something the wording needs does not compile. */
export function createLoaders(store: PracticeStore): SectionLoaders {
  return {
    async user(clientId) {
      const client = await store.client(clientId);
      return (
        client && {
          id: client.id,
          name: client.fullName,
          tier: "free",
          total_sessions: client.meetingsHeld,
          total_reflections: client.notesWritten,
          created_at: client.joinedAt.toISOString(),
        }
      );
    },
    async dreams(clientId) {
      const goals = await store.goals(clientId);
      return goals.map(({ id, title, dueOn, changedAt }) => ({
        id,
        title,
        category: null,
        description: null,
        target_date: dueOn?.toISOString() ?? null,
        updated_at: changedAt.toISOString(),
      }));
    },
    async patterns(clientId) {
      const observations = await store.observations(clientId);
      return observations.map(({ id, text, weight }) => ({
        id,
        type: "recurring_theme",
        content: text,
        strength: weight,
      }));
    },
    async sessions(clientId) {
      const meetings = await store.meetings(clientId);
      return meetings.map(({ id, topic, turns, lastAt }) => ({
        id,
        title: topic,
        message_count: turns,
        last_message_at: lastAt.toISOString(),
      }));
    },
    async reflections(clientId) {
      const notes = await store.notes(clientId);
      return notes.map(({ id, mood, text, writtenAt }) => ({
        id,
        tone: mood,
        content: text,
        created_at: writtenAt.toISOString(),
      }));
    },
  };
}
