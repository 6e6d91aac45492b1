import { firstSentence } from "@/server/context/quote";

/** Beginnings that say nothing of what follows: greetings, and the openings that the pages offer. */
const OPENINGS = [
  /^(?:hi|hello|hey|good (?:morning|evening))\b(?: there)?[\s,.!]*/i,
  /^lately i keep thinking about\s+/i,
  /^there['’]s a decision i keep putting off:?\s+/i,
  /^if nobody expected anything of me, i would\s+/i,
  /^i['’]d like to talk about my dream\s+/i,
  /^(?:שלום|היי|הי|בוקר טוב|ערב טוב)(?![\p{L}])[\s,.!]*/u,
  /^לאחרונה המחשבות שלי חוזרות שוב ושוב אל\s+/u,
  /^יש החלטה שנדחית אצלי שוב ושוב,?\s+/u,
  /^אילו איש לא ציפה ממני לדבר,?\s+/u,
  /^בא לי לדבר על החלום שלי\s+/u,
];

/** Fewer words than this are no title if there is a longer message. */
const FEWEST_WORDS = 2;

/** The first of a person's messages that says something, without its opening; empty if none does. */
export function offlineTitle(messages: readonly string[]): string {
  const sentences = messages.map((message) => firstSentence(withoutOpening(message)));
  return sentences.find((sentence) => sentence.split(/\s+/).length >= FEWEST_WORDS) ?? sentences.find(Boolean) ?? "";
}

function withoutOpening(message: string): string {
  const line = message.trim().replace(/\s+/g, " ");
  const rest = OPENINGS.reduce((text, opening) => text.replace(opening, ""), line);
  const [first = "", ...others] = rest;
  return first.toUpperCase() + others.join("");
}
