import type { Attributes, Counter, Histogram, Meter, ObservableGauge } from "@opentelemetry/api";
import { ValueType } from "@opentelemetry/api";

/**
 * One metric. Labels have few values each and never identify a person or a session. The targets of a duration are among
 * its bucket boundaries, so that the share within a target is exact.
 */
export interface MetricDefinition {
  kind: "histogram" | "counter" | "gauge";
  description: string;
  /** A UCUM unit, as OpenTelemetry uses them. */
  unit: string;
  labels: readonly string[];
  buckets?: readonly number[];
}

/** Definitions by name. A feature defines its metrics next to the code that records them. */
export type MetricDefinitions = Readonly<Record<string, MetricDefinition>>;

type CounterOnly<Labels extends Attributes> = Pick<Counter<Labels>, "add">;

/** Creates the instruments of some metrics. Each may be created once per meter. */
export function instrumentsOf<Name extends string>(
  meter: Meter,
  definitions: Readonly<Record<Name, MetricDefinition>>,
) {
  return {
    histogram<Labels extends Attributes>(name: Name): Histogram<Labels> {
      const { description, unit, buckets = [] } = definitions[name];
      return meter.createHistogram(name, { description, unit, advice: { explicitBucketBoundaries: [...buckets] } });
    },
    counter<Labels extends Attributes>(name: Name): Counter<Labels> {
      const { description, unit } = definitions[name];
      return meter.createCounter(name, { description, unit, valueType: ValueType.INT });
    },
    gauge(name: Name): ObservableGauge {
      const { description, unit } = definitions[name];
      return meter.createObservableGauge(name, { description, unit, valueType: ValueType.INT });
    },
    /**
     * A counter that is summed here and only read by the meter, for events that occur several times in every request:
     * the meter's own counter costs more than all other bookkeeping of a warm build together.
     */
    cheapCounter<Labels extends Attributes>(name: Name): CounterOnly<Labels> {
      const counts = new Map<string, { labels: Labels; value: number }>();
      const { description, unit } = definitions[name];
      meter.createObservableCounter(name, { description, unit, valueType: ValueType.INT }).addCallback((result) => {
        for (const { labels, value } of counts.values()) result.observe(value, { ...labels });
      });
      return {
        add(value, labels) {
          if (labels === undefined) throw new TypeError(`${name} is counted by labels`);
          const key = Object.values(labels).join(" ");
          const known = counts.get(key);
          if (known) known.value += value;
          else counts.set(key, { labels, value });
        },
      };
    },
  };
}
