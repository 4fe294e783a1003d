import type { ModelFacts } from '@signalbox/core';

/** A snapshot's date at the end of a name: `-20250514`, `-2024-04-09`, `-09-2025`, `-0613`, `-001`. */
const DATE_SUFFIX = /-(\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|\d{4}|\d{3})$/;

/** A name without the date at its end; `undefined` where it has none. */
export function withoutDate(name: string): string | undefined {
  return DATE_SUFFIX.test(name) ? name.replace(DATE_SUFFIX, '') : undefined;
}

/** The version in an id, most significant number first: `claude-opus-4-8` is `[4, 8]`, `gemini-2.5-pro` `[2, 5]`. */
function versionOf(id: string): readonly number[] {
  const numbers = (withoutDate(id) ?? id).split(':', 1)[0]?.match(/\d+/g) ?? [];
  return numbers.filter((digits) => digits.length < 3).map(Number);
}

/** The family of a model, from its id where the sources name none: `claude-opus-5-5` is of `claude-opus`, `o3` of `o`. */
export function familyOf(facts: ModelFacts): string {
  if (facts.family !== undefined) return facts.family;
  const [name = ''] = (withoutDate(facts.id) ?? facts.id).split(':', 1);
  const words = name.split('-').filter((word) => !/^v?\d/.test(word) && !STAGES.has(word));
  return words.map((word) => word.replace(/[\d.]+$/, '')).join('-');
}

const STAGES: ReadonlySet<string> = new Set(['latest', 'preview', 'exp', 'experimental']);

/** Whether the id says that the model is not final. */
export function isPreview(id: string): boolean {
  return /-(preview|exp|experimental)\b/.test(id);
}

/** Sorts the newer model first: by version, then by the date of its release. */
export function newestFirst(one: ModelFacts, other: ModelFacts): number {
  const left = versionOf(one.id);
  const right = versionOf(other.id);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (right[index] ?? -1) - (left[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return (other.released ?? '').localeCompare(one.released ?? '');
}
