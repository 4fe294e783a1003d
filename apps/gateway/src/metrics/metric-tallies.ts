import type { Histogram, Registry } from 'prom-client';

/** What writes figures down, loaded when somebody asks for them. */
export type MetricsLibrary = typeof import('prom-client');

type Labels = Readonly<Record<string, string>>;

/** What the metrics of one kind have in common. */
interface Description {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** All series of one metric. */
export interface Metric<Series> {
  /** Makes a series: once for each set of labels. */
  of(labels: Labels): Series;
  /** Puts the metric where figures are written down. */
  show(library: MetricsLibrary, registry: Registry): void;
}

/** A series of a counter: an addition, and nothing else until somebody asks. */
export interface Tally {
  add(by: number): void;
}

/**
 * A counter whose series are plain numbers until they are asked for: the library looks a series up by its labels at each addition, which costs more than
 * all that a gateway counts for a small request.
 */
export function createTallies(description: Description): Metric<Tally> {
  const pending: { readonly labels: Labels; sum: number }[] = [];
  return {
    of(labels) {
      const one = { labels, sum: 0 };
      pending.push(one);
      return {
        add(by) {
          one.sum += by;
        },
      };
    },
    show({ Counter }, registry) {
      new Counter({
        ...description,
        labelNames: [...description.labelNames],
        registers: [registry],
        collect() {
          for (const one of pending) {
            if (one.sum > 0) this.inc(one.labels, one.sum);
            one.sum = 0;
          }
        },
      });
    },
  };
}

/** A series of a histogram. */
export interface Spread {
  observe(value: number): void;
}

interface Buckets {
  readonly labels: Labels;
  readonly counts: number[];
  sum: number;
  count: number;
}

/** The same for a histogram: a series is an array of counts, one a bucket. `bounds`: upper ones, ascending. */
export function createSpreads({
  name,
  help,
  bounds,
}: Omit<Description, 'labelNames'> & { readonly bounds: readonly number[] }): Metric<Spread> {
  const all: Buckets[] = [];
  const valuesOf = ({ labels, counts, sum, count }: Buckets) => {
    let below = 0;
    const buckets = bounds.map((le, index) => {
      below += counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
    });
    return [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: count },
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  };
  return {
    of(labels) {
      const one: Buckets = { labels, counts: bounds.map(() => 0), sum: 0, count: 0 };
      all.push(one);
      return {
        observe(value) {
          one.sum += value;
          one.count += 1;
          for (let index = 0; index < bounds.length; index += 1) {
            if (value > (bounds[index] ?? 0)) continue;
            one.counts[index] = (one.counts[index] ?? 0) + 1;
            return;
          }
        },
      };
    },
    show(_library, registry) {
      const metric = {
        name,
        help,
        type: 'histogram',
        aggregator: 'sum',
        get: () => Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values: all.flatMap(valuesOf) }),
        reset() {
          all.length = 0;
        },
      };
      // All that a registry asks of a metric: its name, and its values when they are wanted.
      registry.registerMetric(metric as unknown as Histogram);
    },
  };
}
