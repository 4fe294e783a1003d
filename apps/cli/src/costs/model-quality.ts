import type { OutcomeSource } from '@signalbox/core';
import type { ModelVerdicts } from '@signalbox/store-sqlite';

/** What was said of a model's answers. */
export interface ModelQuality {
  /** By people: outright, or in a comparison. */
  readonly good: number;
  readonly bad: number;
  /** The share of good ones among those, and where it lies with 95 %; `null`: people said nothing. */
  readonly share: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** Everything that was said, by who or what says so. */
  readonly sources: Readonly<Partial<Record<OutcomeSource, { readonly good: number; readonly bad: number }>>>;
}

/** A judging model's word and the fact that somebody asked again are signs, no verdicts: they are listed, not counted. */
const PEOPLE: ReadonlySet<OutcomeSource> = new Set(['feedback', 'comparison']);

/** By candidate id. */
export function modelQualities(verdicts: readonly ModelVerdicts[]): ReadonlyMap<string, ModelQuality> {
  const models = Map.groupBy(verdicts, ({ candidate }) => candidate);
  return new Map([...models].map(([candidate, said]) => [candidate, qualityOf(said)]));
}

function qualityOf(said: readonly ModelVerdicts[]): ModelQuality {
  const counted = said.filter(({ source }) => PEOPLE.has(source));
  const good = counted.reduce((sum, one) => sum + one.good, 0);
  const bad = counted.reduce((sum, one) => sum + one.bad, 0);
  const all = good + bad;
  return {
    good,
    bad,
    share: all === 0 ? null : good / all,
    interval: all === 0 ? null : wilsonInterval(good, all),
    sources: Object.fromEntries(said.map((one) => [one.source, { good: one.good, bad: one.bad }])),
  };
}

/** 97.5 % of a normal distribution lie below. */
const Z = 1.959_964;

/** Where a share lies with 95 %, by Wilson's score: also right for few words, and for none or all of them good. */
function wilsonInterval(hits: number, all: number): readonly [low: number, high: number] {
  const share = hits / all;
  const spread = Z * Math.sqrt((share * (1 - share)) / all + Z ** 2 / (4 * all ** 2));
  const scale = 1 + Z ** 2 / all;
  const middle = share + Z ** 2 / (2 * all);
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}
