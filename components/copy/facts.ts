import { dayOfMoment, dayWords } from "@/components/ui/days";
import type { Speech } from "@/components/words/speech";
import type { Message } from "@/server/conversation/events";
import type { Dream } from "@/server/dreams/dream";
import type { Pattern } from "@/server/patterns/router";
import type { Reflection } from "@/server/reflections/router";
import type { Session } from "@/server/sessions/router";

/** What stands in small letters beside the items of a copy. Moments are in the reader's time zone. */
export function createFacts(speech: Speech, timeZone?: string) {
  const {
    words: { dreams, reflections, sessions, account, common, conversation },
    fill,
    locale,
  } = speech;
  const day = (at: string) => dayOfMoment(at, speech, timeZone);
  const clock = new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    ...(timeZone !== undefined && { timeZone }),
  });
  const paused = (item: { paused: boolean }) => (item.paused ? [common.paused] : []);
  const endings: Partial<Record<Message["status"], string>> = conversation.endings;

  return {
    day,

    dream: (dream: Dream): string[] => [
      ...(dream.status === "active" ? [] : [dreams[dream.status]]),
      ...(dream.category === null ? [] : [dream.category]),
      ...(dream.targetDate === null ? [] : [fill(dreams.byDay, { day: dayWords(dream.targetDate, speech) })]),
      ...(dream.achievedAt === null ? [] : [fill(dreams.achievedOn, { day: day(dream.achievedAt) })]),
      ...(dream.releasedAt === null ? [] : [fill(dreams.releasedOn, { day: day(dream.releasedAt) })]),
      ...paused(dream),
    ],

    reflection: (reflection: Reflection, about: string | null): string[] => [
      ...(reflection.tone === null ? [] : [reflection.tone]),
      ...(about === null ? [] : [`${reflections.about} ${about}`]),
      ...paused(reflection),
    ],

    conversation: ({ createdAt, status, offRecord }: Session): string[] => [
      day(createdAt),
      ...(status === "archived" ? [sessions.archived] : []),
      ...(offRecord ? [sessions.offRecord] : []),
    ],

    message: ({ role, createdAt, status }: Message): { who: string; facts: string[] } => {
      const ending = endings[status];
      return {
        who: role === "user" ? conversation.you : "Clarify",
        facts: [`${day(createdAt)}, ${clock.format(new Date(createdAt))}`, ...(ending === undefined ? [] : [ending])],
      };
    },

    pattern: (pattern: Pattern): string[] => [
      account.kinds[pattern.type],
      fill(account.lastSeen, { day: day(pattern.lastSeenAt) }),
      ...paused(pattern),
    ],
  };
}
