import { scaleLinear } from "d3-scale";
import { en } from "@/components/words/en";
import type { SectionName } from "@/server/clarify/sections";
import type { InsightsPoint } from "@/server/insights/report";
import type { ValueAxis } from "./axes";
import { ChartCard } from "./chart-card";
import { Legend } from "./legend";
import { Plot } from "./plot";
import { SeriesLine } from "./series-line";
import { TargetMark } from "./targets";
import { keysOf, shareWords, timeWords } from "./words";

interface HitRateChartProps {
  points: readonly InsightsPoint[];
  stepMs: number;
  /** Over the whole time shown. */
  whole: number | null;
  /** The same for each section. */
  bySection: InsightsPoint["hitRates"];
  /** The number of builds behind it. */
  builds: number;
  target: number;
}

/** The colour of each section in the inspector. */
const SECTION_COLORS: Record<SectionName, string> = {
  user: "var(--tone-user)",
  dreams: "var(--tone-dreams)",
  patterns: "var(--tone-patterns)",
  sessions: "var(--tone-sessions)",
  reflections: "var(--tone-reflections)",
};

const SECTION_NAMES = keysOf(SECTION_COLORS);

const SERIES = SECTION_NAMES.map((name) => ({
  key: name,
  name: en.inspector.sections[name],
  color: SECTION_COLORS[name],
}));

const AXIS: ValueAxis = {
  scale: (range) => scaleLinear([0, 1], range),
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  words: shareWords,
};

/** Each line is narrower than the one under it, so that lines of equal value are all visible. */
const widthOf = (index: number) => 1.5 + 1.5 * (SERIES.length - 1 - index);

/** The hit rate of each section over time. */
export function HitRateChart({ points, stepMs, whole, bySection, builds, target }: HitRateChartProps) {
  const rows = points.map(({ at, hitRates }) => ({ at, values: hitRates }));
  const counted = points.filter(({ hitRate }) => hitRate !== null);
  return (
    <ChartCard
      title="Hit rate by section"
      summary={
        whole === null ? "Nothing was read in this time." : `${shareWords(whole)} of all section reads were hits`
      }
      mark={whole !== null && <TargetMark observed={builds} met={whole > target} />}
      legend={
        <Legend
          series={[
            ...SERIES.map((series) => ({ ...series, name: `${series.name} ${rateWords(bySection[series.key])}` })),
            { key: "target", name: `Target ${shareWords(target)}`, color: "var(--lamp)", dashed: true },
          ]}
        />
      }
      table={{
        columns: ["Time", ...SERIES.map(({ name }) => name)],
        rows: counted.map(({ at, hitRates }) => ({
          key: at,
          cells: [timeWords(at, stepMs), ...SECTION_NAMES.map((name) => rateWords(hitRates[name]))],
        })),
      }}
    >
      <Plot {...{ rows, stepMs, target }} series={SERIES} axis={AXIS} words={shareWords}>
        {(scales) =>
          SERIES.map((series, index) => (
            <SeriesLine key={series.key} {...{ series, rows, scales }} width={widthOf(index)} dot={widthOf(index)} />
          ))
        }
      </Plot>
    </ChartCard>
  );
}

function rateWords(rate: number | null): string {
  return rate === null ? "–" : shareWords(rate);
}
