import type { ClarifyContext, SectionName } from "@/server/clarify/sections";
import type { Clock } from "@/server/clock";
import { firstSentence } from "@/server/context/quote";
import { NO_USAGE } from "@/server/model/token-usage";
import { isTooGraveToQuote } from "@/server/safety/crisis-words";
import type { Crisis } from "./care";
import { CAREFUL_WORDS, CARING_WORDS } from "./care";
import { offlineTitle } from "./offline-title";
import { GO_ON } from "./prompt";
import type { ReplyRequest, Voice, VoiceEvent } from "./voice";
import { VoiceError } from "./voice";

export const OFFLINE_MODEL = "offline";

const WORD_INTERVAL_MS = 28;

/**
 * Replaces the model when no key is set: repeats what the person wrote, names one item of the context and asks one open
 * question. The words depend only on the conversation, its length and the number of the answer. To a message that speaks of
 * suicide or self-harm, and to those after it, it answers with where to find help. Nothing with a word of death or harm is
 * ever repeated.
 */
export function createOfflineVoice(clock: Pick<Clock, "pause">): Voice {
  async function* reply({ context, history, crisis, attempt = 0, signal }: ReplyRequest): AsyncGenerator<VoiceEvent> {
    const words = composeReply({ context, history, crisis, attempt }).match(/^\s+|\S+\s*/g) ?? [];
    try {
      for (const word of words) {
        yield { type: "text", delta: word };
        await clock.pause(WORD_INTERVAL_MS, signal);
      }
    } catch {
      throw new VoiceError("aborted");
    }
    yield { type: "end", usage: NO_USAGE, ending: "complete" };
  }
  return {
    kind: "offline",
    model: OFFLINE_MODEL,
    reply,
    async title({ messages }) {
      const said = messages.filter(({ role, content }) => role === "user" && !isTooGraveToQuote(content));
      const words = offlineTitle(said.map(({ content }) => content));
      return { words, usage: NO_USAGE, ending: "complete" };
    },
  };
}

interface Phrases {
  heard: (words: string) => string;
  noticed: Partial<Record<SectionName, (item: string) => string>>;
  questions: readonly string[];
}

const ENGLISH: Phrases = {
  heard: (words) => `I hear you say: “${words}”.`,
  noticed: {
    dreams: (item) => `It makes me think of a dream you are carrying, “${item}”, though I may have that wrong.`,
    patterns: (item) => `Something you keep coming back to seems near it: “${item}”.`,
    reflections: (item) => `You once wrote “${item}”, and I wonder whether today belongs beside it.`,
  },
  questions: [
    "What is the part of this that you would miss if it were taken away?",
    "When you stay with that for a moment, what do you notice first?",
    "What would you want to be true here, if nobody were watching?",
    "Which of those words carries the most weight for you?",
  ],
};

const HEBREW: Phrases = {
  heard: (words) => `אני שומעת אותך אומר: ”${words}”.`,
  noticed: {
    dreams: (item) => `זה מזכיר לי חלום שאתה נושא, ”${item}”, ואולי אני טועה.`,
    patterns: (item) => `משהו שאתה חוזר אליו נמצא קרוב לזה: ”${item}”.`,
    reflections: (item) => `פעם כתבת ”${item}”, ואני תוהה אם היום הזה שייך לשם.`,
  },
  questions: ["מה בזה היית מרגיש בחסרונו?", "כשאתה נשאר עם זה רגע, מה עולה ראשון?", "איזו מהמילים האלה הכי כבדה?"],
};

interface Composed {
  context: ClarifyContext;
  history: ReplyRequest["history"];
  crisis: Crisis | null;
  attempt: number;
}

function composeReply({ context, history, crisis, attempt }: Composed): string {
  const message = history.at(-1)?.content ?? "";
  if (message === GO_ON) return restOfReply({ context, history: history.slice(0, -1), crisis });
  if (crisis !== null) return CARING_WORDS[languageOf(message)][crisis].join(" ");
  if (isTooGraveToQuote(message)) return CAREFUL_WORDS[languageOf(message)].join(" ");
  const turn = turnOf(history) + attempt;
  const phrases = PHRASES[languageOf(message)];
  return [
    phrases.heard(firstSentence(message)),
    noticedItem(context, phrases, turn),
    phrases.questions[turn % phrases.questions.length],
  ]
    .filter(Boolean)
    .join(" ");
}

/** How many answers came before. Every second message is one, so the length of the history would skip half of the questions. */
function turnOf(history: ReplyRequest["history"]): number {
  return history.filter(({ role }) => role === "assistant").length;
}

/** The rest of a reply that was cut off; only a question if the context has changed since. */
function restOfReply({ context, history, crisis }: Omit<Composed, "attempt">): string {
  const said = history.at(-1)?.content ?? "";
  const earlier = history.slice(0, -1);
  const whole = composeReply({ context, history: earlier, crisis, attempt: 0 });
  if (whole.startsWith(said)) return whole.slice(said.length);
  if (crisis !== null) return ` ${whole}`;
  const { questions } = PHRASES[languageOf(earlier.at(-1)?.content ?? "")];
  return ` ${questions[turnOf(earlier) % questions.length]}`;
}

const PHRASES = { en: ENGLISH, he: HEBREW };

function languageOf(message: string): keyof typeof PHRASES {
  return /\p{Script=Hebrew}/u.test(message) ? "he" : "en";
}

function noticedItem(context: ClarifyContext, phrases: Phrases, turn: number): string | undefined {
  const candidates = context.sections.flatMap(({ name, items }) => {
    const say = phrases.noticed[name];
    const item = items.find(({ included, label }) => included && !isTooGraveToQuote(label));
    return say && item ? [say(firstSentence(item.label))] : [];
  });
  return candidates[turn % candidates.length];
}
