const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** The set of words of a text, ignoring order, case and punctuation. Also works for scripts without spaces. */
function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const { segment, isWordLike } of segmenter.segment(text.normalize("NFKC").toLowerCase())) {
    if (isWordLike) words.add(segment);
  }
  return words;
}

/**
 * How similar two texts are, 0 to 1: twice the words they share, divided by the words they have (Dice's coefficient).
 */
export function similarity(left: string, right: string): number {
  const [some, others] = [wordsOf(left), wordsOf(right)];
  const total = some.size + others.size;
  if (total === 0) return left.trim() === right.trim() ? 1 : 0;
  return (2 * some.intersection(others).size) / total;
}
