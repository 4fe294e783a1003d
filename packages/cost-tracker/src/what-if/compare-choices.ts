import { bootstrapMean, type Interval } from './bootstrap.ts';

/** What is compared: money in nano-USD, expected quality from 0 to 1, expected milliseconds to the end of the answer. */
export const MEASURES = ['cost', 'quality', 'latencyMs'] as const;
/** What two policies are compared by. */
export type Measure = (typeof MEASURES)[number];

/** One request, decided twice. */
export interface ComparedRequest {
  readonly taskType: string;
  /** Requests of one session are alike: intervals draw sessions, not requests. Absent: it stands alone. */
  readonly session?: string | undefined;
  /** `provider/model id` of the first choice, before and after. */
  readonly from: string;
  readonly to: string;
  readonly before: Readonly<Partial<Record<Measure, number | undefined>>>;
  readonly after: Readonly<Partial<Record<Measure, number | undefined>>>;
}

/** A measure over the requests that have it on both sides: a sum for `cost`, a mean for the others. */
export interface Difference {
  readonly requests: number;
  /** Requests where one side is unknown: in none of the figures. */
  readonly unknown: number;
  readonly before: number;
  readonly after: number;
  readonly difference: number;
  /** Of the difference, 95 %; absent: too few sessions to say. */
  readonly interval?: Interval | undefined;
}

/** A comparison over some requests. */
export interface Comparison extends Readonly<Record<Measure, Difference>> {
  readonly requests: number;
  /** Requests whose first choice is another one. */
  readonly changed: number;
}

/** Two policies over the same requests: in all, by task, and whose requests would have gone elsewhere. */
export interface ComparisonReport {
  readonly total: Comparison;
  /** By task type, the most frequent first. */
  readonly tasks: readonly (Comparison & { readonly taskType: string })[];
  /** Who would have been asked in whose place, the most frequent first. */
  readonly moves: readonly { readonly from: string; readonly to: string; readonly requests: number }[];
}

/**
 * Compares choices request by request, so that what the traffic is like falls out and what the policy does remains.
 *
 * @example
 * const comparison = createComparison();
 * comparison.add({ taskType: 'code_review', from: 'a/opus', to: 'a/haiku', before: { cost: 9_000_000 }, after: { cost: 500_000 } });
 * comparison.report().total.cost.difference; // -8_500_000
 */
export function createComparison() {
  const total = createGroup();
  const tasks = new Map<string, ReturnType<typeof createGroup>>();
  const moves = new Map<string, { from: string; to: string; requests: number }>();
  /** Sessions have a number, the same in every group: fifty thousand names in a map for each measure of each group were some 20 MB. */
  const sessions = new Map<string, number>();
  function numberOf(session: string): number {
    let number = sessions.get(session);
    if (number === undefined) {
      number = sessions.size;
      sessions.set(session, number);
    }
    return number;
  }
  return {
    add(request: ComparedRequest): void {
      const { taskType, from, to } = request;
      const session = request.session === undefined ? undefined : numberOf(request.session);
      let task = tasks.get(taskType);
      if (task === undefined) {
        task = createGroup();
        tasks.set(taskType, task);
      }
      total.add(request, session);
      task.add(request, session);
      if (from === to) return;
      const key = JSON.stringify([from, to]);
      const move = moves.get(key);
      if (move === undefined) moves.set(key, { from, to, requests: 1 });
      else move.requests += 1;
    },
    report(): ComparisonReport {
      return {
        total: total.report(),
        tasks: [...tasks]
          .map(([taskType, group]) => ({ taskType, ...group.report() }))
          .sort((one, other) => other.requests - one.requests),
        moves: [...moves.values()].sort((one, other) => other.requests - one.requests),
      };
    },
  };
}

function createGroup() {
  let requests = 0;
  let changed = 0;
  const measures = {
    cost: createMeasure('sum', 1),
    quality: createMeasure('mean', 2),
    latencyMs: createMeasure('mean', 3),
  };
  return {
    add({ from, to, before, after }: ComparedRequest, session: number | undefined) {
      requests += 1;
      if (from !== to) changed += 1;
      for (const measure of MEASURES) measures[measure].add(before[measure], after[measure], session);
    },
    report(): Comparison {
      return {
        requests,
        changed,
        cost: measures.cost.report(),
        quality: measures.quality.report(),
        latencyMs: measures.latencyMs.report(),
      };
    },
  };
}

function createMeasure(as: 'sum' | 'mean', seed: number) {
  let requests = 0;
  let unknown = 0;
  let sumBefore = 0;
  let sumAfter = 0;
  const sums: number[] = [];
  const counts: number[] = [];
  /** By a session's number: its place in the lists and one more; 0: none yet. */
  let places = new Uint32Array(64);
  return {
    add(before: number | undefined, after: number | undefined, session: number | undefined) {
      if (before === undefined || after === undefined) {
        unknown += 1;
        return;
      }
      requests += 1;
      sumBefore += before;
      sumAfter += after;
      const place = session === undefined ? -1 : (places[session] ?? 0) - 1;
      if (place < 0) {
        sums.push(after - before);
        counts.push(1);
        if (session === undefined) return;
        if (session >= places.length) places = longer(places, session);
        places[session] = sums.length;
      } else {
        sums[place] = (sums[place] ?? 0) + after - before;
        counts[place] = (counts[place] ?? 0) + 1;
      }
    },
    report(): Difference {
      const of = (sum: number) => (as === 'sum' || requests === 0 ? sum : sum / requests);
      const mean = bootstrapMean({ sums, counts }, seed);
      const scale = as === 'sum' ? requests : 1;
      return {
        requests,
        unknown,
        before: of(sumBefore),
        after: of(sumAfter),
        difference: of(sumAfter) - of(sumBefore),
        interval: mean && { low: mean.low * scale, high: mean.high * scale },
      };
    },
  };
}

function longer(places: Uint32Array<ArrayBuffer>, index: number): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(Math.max(2 * places.length, index + 1));
  all.set(places);
  return all;
}
