import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { estimateTokens } from "@/server/context/tokens";
import { TokenCounter } from "@/server/tokens/token-counter";
import type { CountByScript } from "@/server/tokens/vocabulary";
import { loadVocabulary } from "@/server/tokens/vocabulary";
import { countByOtherModel } from "@/tests/support/model/other-tokenizer";
import { SAMPLE_TEXTS } from "@/tests/support/texts";
import type { Row } from "../report";
import { round, timings } from "../report";
import type { SuiteOptions } from "../suite";

const SUITE = "tokens";
const REPLIES = 10;
/** The overhead of a request in addition to its texts. */
const OVERHEAD = 420;

/**
 * How far token counts are off, as a share of the real count, in 25 texts: a row for each script and one for all, whose
 * value is the worst (below 0: too few). `clarify` counts for a model with the published vocabulary `o200k`, `estimate`
 * is the module's default; both are compared with another implementation of it. `clarify-learned` counts for a model
 * that bills by another vocabulary, after ten replies in the text's language.
 */
export async function tokensSuite({ quick }: SuiteOptions): Promise<Row[]> {
  const begun = performance.now();
  const vocabulary = await loadVocabulary();
  const loadMs = performance.now() - begun;
  const published = new TokenCounter({ model: "gpt", vocabulary: async () => vocabulary });
  await published.load();
  const errors = {
    clarify: SAMPLE_TEXTS.map(({ text }) => published.countMessage(text) / countTokens(text) - 1),
    estimate: SAMPLE_TEXTS.map(({ text }) => estimateTokens(text) / countTokens(text) - 1),
    "clarify-learned": await Promise.all(SAMPLE_TEXTS.map(({ text }) => learnedError(text, vocabulary))),
  };
  return [
    ...Object.entries(errors).flatMap(([subject, byText]) => errorRows(subject, byText)),
    { suite: SUITE, subject: "clarify", metric: "vocabulary_load_ms", n: 1, value: round(loadMs) },
    ...timeRows(published, quick ? 50 : 500),
  ];
}

async function learnedError(text: string, vocabulary: CountByScript): Promise<number> {
  const tokens = new TokenCounter({ model: "claude-test", vocabulary: async () => vocabulary });
  await tokens.load();
  const said: string[] = [];
  const standing = [SAMPLE_TEXTS[0]?.text.repeat(6) ?? "", `${text}\n`.repeat(5)];
  for (let reply = 0; reply < REPLIES; reply += 1) {
    said.push(text.slice(reply));
    const billed = [...standing, ...said].reduce((sum, part) => sum + countByOtherModel(part), OVERHEAD);
    tokens.learn({ standing, said }, billed);
  }
  return tokens.countMessage(text) / countByOtherModel(text) - 1;
}

function errorRows(subject: string, byText: readonly number[]): Row[] {
  const row = (metric: string, errors: readonly number[]): Row => {
    const worst = errors.reduce((worse, error) => (Math.abs(error) > Math.abs(worse) ? error : worse), 0);
    return { suite: SUITE, subject, metric, n: errors.length, value: round(worst) };
  };
  const scripts = [...new Set(SAMPLE_TEXTS.map(({ script }) => script))];
  return [
    row("token_error", byText),
    ...scripts.map((script) =>
      row(
        `token_error ${script}`,
        byText.filter((_, at) => SAMPLE_TEXTS[at]?.script === script),
      ),
    ),
  ];
}

/** How long counting the 25 texts takes: the first time, and from memory. */
function timeRows(tokens: TokenCounter, rounds: number): Row[] {
  const time = (textOf: (text: string, round: number) => string) =>
    timings(
      Array.from({ length: rounds }, (_, at) => {
        const texts = SAMPLE_TEXTS.map(({ text }) => textOf(text, at));
        const begun = performance.now();
        for (const text of texts) tokens.countLine(text);
        return performance.now() - begun;
      }),
    );
  return [
    { suite: SUITE, subject: "clarify", metric: "first_count_ms", ...time((text, at) => `${text} ${at}`) },
    { suite: SUITE, subject: "clarify", metric: "warm_count_ms", ...time((text) => text) },
  ];
}
