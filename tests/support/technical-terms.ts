/**
 * What is not said to somebody who only wants to talk: names of variables, units and parts of the machine. `server` and `e-mail` are
 * words that people use.
 */
const TECHNICAL = [
  /\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/,
  /\b\d+\s?ms\b|\bmilliseconds?\b|אלפיות? (?:ה)?שנייה/i,
  /\bprocedures?\b|\btrpc\b|\bapi\b|\bhttp\b|\bjson\b|\buuid\b/i,
  /\btokens?\b|טוקנים?/i,
  /\bprompts?\b|פנייה למודל/i,
  /\bcach(?:e|ed|ing)\b|\bdatabase\b|\bquer(?:y|ies)\b|\bredis\b|\bsupabase\b|\bpostgres(?:ql)?\b|מסד נתונים/i,
  /\benv(?:ironment)?\b|\bconfig(?:uration)?\b|\bbackend\b|\bembedded\b|\bstack\b|\bSQL\b/i,
  /\bfallback\b|\btimeout\b|\blatency\b|\bundefined\b|\bnull\b|\bNaN\b|\{\w+\}/,
];

/** The technical terms of a text. */
export function technicalTerms(text: string): string[] {
  return TECHNICAL.flatMap((term) => term.exec(text)?.[0] ?? []);
}
