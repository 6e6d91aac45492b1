import { CRISIS_LINES, LINE_DIRECTORY } from "@/server/safety/crisis-lines";
import { speaksOfCrisis } from "@/server/safety/crisis-words";
import { GO_ON } from "./prompt";
import type { HistoryMessage } from "./voice";

/** For how many messages after one that speaks of a crisis the answers take it into account. */
const MESSAGES_AFTER = 2;

/** The message to answer speaks of suicide or self-harm (`now`), or one shortly before it does (`lately`). */
export type Crisis = "now" | "lately";

/** @param history the last messages as they are stored, also refused ones */
export function crisisIn(history: readonly HistoryMessage[]): Crisis | null {
  const said = history.filter(({ role, content }) => role === "user" && content !== GO_ON);
  const [last, ...before] = said.slice(-1 - MESSAGES_AFTER).reverse();
  if (last !== undefined && speaksOfCrisis(last.content)) return "now";
  return before.some(({ content }) => speaksOfCrisis(content)) ? "lately" : null;
}

/** Tells the model of it, behind everything that the provider caches. */
export const CARE_INSTRUCTION = `<care>Something they wrote just now or shortly before sounds like suicide or self-harm: their own, or that of somebody near them. This application found it by a list of phrases and may be wrong. If it is plainly a figure of speech or a quotation, answer as usual. Otherwise drop the mirror: do not say their words back, do not interpret them, do not ask what they notice. Say in plain words that you are worried and that you are an AI and not a person, ask whether they are safe right now, and ask them to turn to somebody near them, to a crisis line or to the emergency number. The page shows the numbers beside your answer, so name none yourself.</care>`;

const number = (country: string) => CRISIS_LINES.find((line) => line.country === country)?.number;

/**
 * What the offline voice says to a message with a word of death or harm in which no crisis was found: that list is never
 * complete. It quotes nothing.
 */
export const CAREFUL_WORDS = {
  en: [
    "I have read what you wrote. I am a program, and I can't tell how much it weighs.",
    `If a part of you wants to die or to hurt yourself, please talk to a person now: ${LINE_DIRECTORY} lists who answers in your country.`,
    "What would help you most right now?",
  ],
  he: [
    "קראתי את מה שכתבת. אני תוכנה, ואין לי דרך לדעת כמה זה כבד.",
    `אם משהו בך רוצה למות או לפגוע בעצמך, חשוב לדבר עכשיו עם אדם: ב־${LINE_DIRECTORY} כתוב מי עונה בכל מדינה.`,
    "מה הכי יעזור לך עכשיו?",
  ],
} as const;

/** What the offline voice says instead of a reply. It quotes nothing. */
export const CARING_WORDS = {
  en: {
    now: [
      "I'm glad you said it, and I take it seriously. I am a program and not a person, so I can't keep you safe, but somebody can.",
      "Please talk to a person now: call someone near you, or go to them.",
      `Crisis lines answer day and night: in the United States and Canada ${number("US")}, in the United Kingdom and Ireland ${number("GB")}, in Australia ${number("AU")}, in Israel ${number("IL")}; for other countries see ${LINE_DIRECTORY}.`,
      "If something could happen soon, call the emergency number (112, 911 or 999), and put anything dangerous out of reach.",
      "If it is about somebody else, stay with them and call together.",
    ],
    lately: [
      "What you wrote a moment ago matters more than anything I could ask you. I am a program and not a person.",
      "Is there somebody you can call right now? If you haven't, please call them, or a crisis line. The numbers are above.",
    ],
  },
  he: {
    now: [
      "טוב שכתבת את זה, ואני לוקחת את זה ברצינות. אני תוכנה ולא בן אדם, ולכן אין לי דרך לשמור עליך, אבל יש מי שיכול.",
      "חשוב לדבר עכשיו עם אדם: להתקשר למישהו קרוב, או ללכת אליו.",
      `בישראל עונים בער״ן, ${number("IL")}, בכל שעה. במדינות אחרות: ${LINE_DIRECTORY}.`,
      "אם משהו עלול לקרות בקרוב, להתקשר למד״א, 101, או למשטרה, 100, ולהרחיק כל דבר מסוכן.",
      "אם זה נוגע למישהו אחר, להישאר לידו ולהתקשר ביחד.",
    ],
    lately: [
      "מה שכתבת לפני רגע חשוב יותר מכל מה שאפשר לשאול כאן. אני תוכנה ולא בן אדם.",
      "יש מישהו שאפשר להתקשר אליו עכשיו? אם עוד לא, כדאי להתקשר אליו או לקו חירום. המספרים למעלה.",
    ],
  },
} as const;
