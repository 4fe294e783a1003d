import type { Configuration } from '@signalbox/config';
import { type Candidate, type Clock, type Outcome, parseJson, type QualityEstimate } from '@signalbox/core';
import {
  createCorrectedQuality,
  createExpectedQuality,
  createLearnedShift,
  createOutcomeCorrection,
  type LearnedHeads,
  type PriorQuality,
  type QualityCorrections,
} from '@signalbox/task-analysis';

/** Where the user's own outcomes are read, and what was learned from them: `ledger.learning()`. */
export interface LearningSource {
  outcomes(): readonly Outcome[];
  /** JSON; `undefined`: nothing was learned. */
  learned(): string | undefined;
  /** Another text whenever one of the two has changed. */
  mark(): string;
}

export interface QualityOptions {
  readonly configuration: Configuration;
  readonly learning?: LearningSource | undefined;
  /** A candidate by its id. */
  readonly candidate: (id: string) => Candidate | undefined;
  readonly clock: Clock;
}

/** How often it is looked whether there are new outcomes. */
const LOOK_MS = 10_000;

/**
 * Expected quality by the built-in table, with the figures under `routing.quality` before it, corrected by the user's own outcomes and by heads that were
 * learned and switched on. The outcomes are read at the first routed request, and again when others have come: another program may have got them.
 */
export function configuredQuality(options: QualityOptions): QualityEstimate {
  const { configuration, learning, clock } = options;
  const table = createExpectedQuality({ abilities: configuration.routing.quality });
  if (learning === undefined || !configuration.routing.learning.outcomes) return table;
  const source = learning;
  const prior = priorQuality(table, options.candidate);
  let known: QualityCorrections | undefined;
  let mark = '';
  let lookedAt = 0;

  function read(now: number, seen?: string): void {
    try {
      const found = source.mark();
      if (found === seen) return;
      mark = found;
      const heads = source.learned();
      known = {
        outcomes: createOutcomeCorrection(source.outcomes(), prior, now),
        learned: heads === undefined ? undefined : createLearnedShift(parseJson(heads) as unknown as LearnedHeads),
      };
    } catch {
      // A file that can't be used is told of by whoever writes into it; the table holds.
      known ??= {};
    }
  }

  function corrections(): QualityCorrections {
    const now = clock.now();
    if (known === undefined) {
      lookedAt = now;
      read(now);
    } else if (now - lookedAt > LOOK_MS) {
      lookedAt = now;
      // The request that notices goes by what is known.
      clock.after(0, () => read(now, mark));
    }
    return known ?? {};
  }

  return createCorrectedQuality(table, corrections);
}

/** What the table expects of a model at a kind and size of task, of middling difficulty. */
export function priorQuality(table: QualityEstimate, candidate: (id: string) => Candidate | undefined): PriorQuality {
  return (id, type, complexity) => {
    const found = candidate(id);
    const task = { type, complexity, difficulty: 0.5, expectedOutputTokens: 0, reason: '' };
    return found === undefined ? undefined : table.expect(found, task);
  };
}
