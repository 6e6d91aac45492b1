import type { ReadItem } from "@/server/receipts/receipts-of";

const item = (
  kind: ReadItem["kind"],
  id: string,
  { title = null, text = "", day = null }: Partial<Pick<ReadItem, "title" | "text" | "day">>,
): ReadItem => ({ kind, id, title, text: text || (title ?? ""), day });

/** What was in the prompt of every reply of the corpus. */
export const READ: readonly ReadItem[] = [
  item("dream", "studio", {
    title: "Open a small ceramics studio in Jaffa",
    text: "Open a small ceramics studio in Jaffa · craft · by 2027-05-01 · Two rooms with a kiln, my own jars, and classes for children after school.",
  }),
  item("dream", "dad", {
    title: "Sit with Dad every Tuesday, without fixing anything",
    text: "Sit with Dad every Tuesday, without fixing anything · family · Tea, the radio, and no pill box.",
  }),
  item("dream", "rest", { title: "Rest" }),
  item("dream", "swim", { title: "Learn to swim", text: "Learn to swim · body" }),
  item("pattern", "permission", {
    title: "Waits for a sign or for somebody's permission, then notices that she had decided weeks before.",
  }),
  item("pattern", "shrinks", { title: "Shrinks a wish before she says it aloud: only a corner, just two rooms." }),
  item("reflection", "ferry", {
    text: "2026-11-21, torn: The ferry left without us and nobody minded. Grandmother Sol told the story of the lemon crate again, and I wrote it down on a napkin.",
    day: "2026-11-21",
  }),
  item("reflection", "glaze", {
    text: "2026-11-18, calm: The ash glaze came out of the kiln green instead of grey, and I laughed. At work I would have apologised to everyone.",
    day: "2026-11-18",
  }),
  item("conversation", "wednesdays", { title: "Asking Dana for Wednesdays" }),
  item("message", "allotment", {
    text: "2025-05-02, in the conversation “Spring”: The allotment committee gave the corner plot with the greenhouse to somebody else.",
    day: "2025-05-02",
  }),
  item("dream", "sing", {
    title: "לשיר במקהלה של השכונה",
    text: "לשיר במקהלה של השכונה · להגיע לחזרות בימי שני בלי להתנצל על הקול שלי.",
  }),
  item("reflection", "balcony", {
    text: "2026-10-09, רוך: אבא הדליק את הרדיו במרפסת ושתלנו יחד עגבניות בעציצים. הוא סיפר על הפרדס של סבא ברחובות.",
    day: "2026-10-09",
  }),
];

export interface Case {
  what: string;
  said: readonly string[];
  reply: string;
  /** The ids of the items that the reply drew on, in its order. */
  drewOn: readonly string[];
}

export const DREW_ON: readonly Case[] = [
  {
    what: "the built-in voice, which quotes a dream",
    said: ["I keep thinking about money."],
    reply:
      "I hear you say: “I keep thinking about money”. It makes me think of a dream you are carrying, “Open a small ceramics studio in Jaffa”, though I may have that wrong. What do you notice first?",
    drewOn: ["studio"],
  },
  {
    what: "the built-in voice, which quotes a pattern",
    said: ["I cannot decide."],
    reply:
      "I hear you say: “I cannot decide”. Something you keep coming back to seems near it: “Waits for a sign or for somebody's permission, then notices that she had decided weeks before”. When you stay with that, what do you notice?",
    drewOn: ["permission"],
  },
  {
    what: "the built-in voice, which quotes the first sentence of a reflection",
    said: ["The train was late."],
    reply:
      "You once wrote “The ferry left without us and nobody minded”, and I wonder whether today belongs beside it.",
    drewOn: ["ferry"],
  },
  {
    what: "a title, said without quotation marks",
    said: ["Today I did nothing for an hour, and it was good."],
    reply: "An hour of nothing. It sits close to sitting with Dad every Tuesday, without fixing anything.",
    drewOn: ["dad"],
  },
  {
    what: "a title in other forms of its words",
    said: ["Today I did nothing for an hour, and it was good."],
    reply: "I think of the Tuesdays on which you sit with your dad. Is it the same kind of quiet?",
    drewOn: ["dad"],
  },
  {
    what: "a short title that is quoted as what it is",
    said: ["I said no to the extra shift."],
    reply: "Your dream “Rest” comes to mind. Was the no already a part of it?",
    drewOn: ["rest"],
  },
  {
    what: "an emphasised title",
    said: ["Tomorrow is my day off."],
    reply: "A free day. Does *Learn to swim* want some of it?",
    drewOn: ["swim"],
  },
  {
    what: "the title of another conversation",
    said: ["My manager looked at me strangely."],
    reply: "This is near what we spoke of in “Asking Dana for Wednesdays”. Is it the same look?",
    drewOn: ["wednesdays"],
  },
  {
    what: "a reflection in the reply's own sentence",
    said: ["Everything went wrong today, and I was fine."],
    reply:
      "When the ash came out green you laughed instead of apologising, right there at the kiln. Is this that laugh?",
    drewOn: ["glaze"],
  },
  {
    what: "a reflection by its day and a word of it",
    said: ["Everything went wrong today, and I was fine."],
    reply: "On 21 November you wrote of a ferry that you missed. What was it like this time?",
    drewOn: ["ferry"],
  },
  {
    what: "an older message",
    said: ["They chose Rina for the exhibition."],
    reply: "It sounds like the spring in which the committee gave the greenhouse plot away. What did you do then?",
    drewOn: ["allotment"],
  },
  {
    what: "two items, in the order in which the reply comes to them",
    said: ["I am tired of asking."],
    reply:
      "In “Asking Dana for Wednesdays” there was a sentence without doors. And there is a dream, “Learn to swim”, that needs nobody's yes.",
    drewOn: ["wednesdays", "swim"],
  },
  {
    what: "a dream in Hebrew, as the built-in voice quotes it",
    said: ["היה לי יום ארוך."],
    reply:
      "אני שומעת אותך אומר: ”היה לי יום ארוך”. זה מזכיר לי חלום שאתה נושא, ”לשיר במקהלה של השכונה”, ואולי אני טועה.",
    drewOn: ["sing"],
  },
  {
    what: "a dream in Hebrew, with the letters that are written together with a word",
    said: ["היה לי יום ארוך."],
    reply: "אני חושבת על המקהלה בשכונה, ועל לשיר בה. איפה הקול שלך היום?",
    drewOn: ["sing"],
  },
  {
    what: "a reflection in Hebrew by what happened in it",
    said: ["קניתי היום פטרוזיליה בשוק."],
    reply: "עלה לי הרגע שבו שתלת איתו עגבניות, והוא סיפר על הפרדס. יש כאן משהו מהטעם ההוא?",
    drewOn: ["balcony"],
  },
  {
    what: "a reflection in Hebrew by its day",
    said: ["קניתי היום פטרוזיליה בשוק."],
    reply: "ב־9 באוקטובר כתבת על המרפסת. משהו משם נמצא גם כאן?",
    drewOn: ["balcony"],
  },
];

export const DREW_ON_NOTHING: readonly Case[] = [
  {
    what: "says back what the person said, in which a title is",
    said: ["I want to learn to swim before the summer."],
    reply: "I hear you say: “I want to learn to swim before the summer”. What would be different in the water?",
    drewOn: [],
  },
  {
    what: "goes on with what the person said before, in other messages",
    said: ["The ferry left without us.", "Grandmother told the lemon story again."],
    reply: "The ferry, the lemon, your grandmother: which of them is still with you tonight?",
    drewOn: [],
  },
  {
    what: "has a title of one word in its everyday sense",
    said: ["I spoke up in the meeting."],
    reply: "You spoke, and the rest of the room went quiet. What was in that quiet?",
    drewOn: [],
  },
  {
    what: "puts an everyday word in quotation marks",
    said: ["They told me to slow down."],
    reply: "What does “rest” mean in their mouths, and what does it mean in yours?",
    drewOn: [],
  },
  {
    what: "shares only words of everyday life with a title",
    said: ["My dad called on Tuesday."],
    reply: "Your dad called, and you sat with the phone for a while. What did Tuesday leave in you?",
    drewOn: [],
  },
  {
    what: "speaks in the words of every reply",
    said: ["I am not sure about the move."],
    reply:
      "I notice a hesitation, and beneath it a wish that you shrink a little. What do you notice when you let it weigh what it weighs?",
    drewOn: [],
  },
  {
    what: "shares a single telling word with an item",
    said: ["I cleaned the kitchen."],
    reply: "A clean kitchen, like a glaze over the day. What is under it?",
    drewOn: [],
  },
  {
    what: "shares telling words that are far apart",
    said: ["I am packing."],
    reply:
      "A crate first, then. What goes in? Maybe nothing that matters. Maybe the thing you would miss. A napkin holds less than you think. And what stays? A ferry is what a suitcase dreams of.",
    drewOn: [],
  },
  {
    what: "names a day that the person named",
    said: ["It is about what happened on 21 November at the harbour ferry."],
    reply: "On 21 November at the ferry, something in you stayed behind. What was it?",
    drewOn: [],
  },
  {
    what: "names the day of an item and nothing of it",
    said: ["My sister has her birthday soon."],
    reply: "By 18 November it will be a year. What would you like to tell her?",
    drewOn: [],
  },
  {
    what: "is in Hebrew and shares the stem of one word",
    said: ["הייתה לי שיחה קשה בעבודה."],
    reply: "אני שומעת קול שביקש להישמע. מה הוא היה אומר, אילו איש לא היה מקשיב?",
    drewOn: [],
  },
  {
    what: "is in Hebrew and speaks of what is in everyone's day",
    said: ["חזרתי הביתה מאוחר."],
    reply: "הבית היה שקט כשחזרת. מה אבא היה אומר על זה, ומה הרגשת ליד הדלת?",
    drewOn: [],
  },
  {
    what: "is in a language whose everyday words are not known",
    said: ["Je suis fatiguée."],
    reply: "Tu dis que tu es fatiguée. Qu'est-ce que le corps voudrait dire, si personne ne devait répondre ?",
    drewOn: [],
  },
  {
    what: "repeats words that two items have",
    said: ["The builders came."],
    reply: "They came, and there are two rooms now. Which one do you stand in?",
    drewOn: [],
  },
];
