import { editDistance } from '@signalbox/core';
import type { NameIndex } from './name-index.ts';

interface Scored {
  readonly name: string;
  readonly score: number;
}

/** Below this two names have little in common, and a suggestion would only puzzle. */
const LEAST_SCORE = 0.45;

/** What the user configured can be called, which is not sure of the rest. */
const OWN_FIRST = 0.05;

/** A longer text is no slip of the fingers; it would only take time, and it may come from a stranger. */
const LONGEST_NAME = 120;

/**
 * The names that are most like what somebody wrote, best first: by edit distance, so that a slip of the fingers is found,
 * and by words in common, so that `gpt-mini-5` finds `gpt-5-mini`. One name a model; retired ones come later.
 */
export function nearestNames(
  wanted: string,
  indexes: readonly NameIndex[],
  limit: number,
  ownNames: readonly string[],
  isRetired: (index: NameIndex, id: string) => boolean,
): readonly string[] {
  const text = wanted.trim().toLowerCase();
  if (text.length > LONGEST_NAME) return [];
  const best = new Map<string, Scored>();
  for (const index of indexes) {
    const prefix = [`${index.provider}/`, `${index.provider}.`].find((start) => text.startsWith(start)) ?? '';
    const rest = text.slice(prefix.length);
    for (const [name, { facts, kind }] of index.names) {
      if (kind === 'assumed') continue;
      const penalty = isRetired(index, facts.id) ? 0.1 : 0;
      const score = likeness(rest, name.toLowerCase()) - penalty;
      const model = `${index.provider}/${facts.id}`;
      if (score >= LEAST_SCORE && score > (best.get(model)?.score ?? 0))
        best.set(model, { name: prefix + name, score });
    }
    for (const short of index.shortNames.keys()) {
      const name = `${index.provider}.${short}`;
      const score = likeness(text, name.toLowerCase());
      if (score >= LEAST_SCORE && score > (best.get(name)?.score ?? 0)) best.set(name, { name, score });
    }
  }
  for (const name of ownNames) {
    const score = likeness(text, name.toLowerCase());
    if (score >= LEAST_SCORE) best.set(`own ${name}`, { name, score: score + OWN_FIRST });
  }
  const ordered = [...best.values()].sort((one, other) => other.score - one.score || (one.name < other.name ? -1 : 1));
  return [...new Set(ordered.map((one) => one.name))].slice(0, limit);
}

/** From 0 (nothing in common) to 1 (the same). */
function likeness(one: string, other: string): number {
  // Without the signs, too: `gpt5.5` and `claude-sonnet-45` are the right letters in the right order.
  const distance = Math.min(relativeDistance(one, other), relativeDistance(lettersOf(one), lettersOf(other)));
  const words = new Set(wordsOf(one));
  const others = new Set(wordsOf(other));
  const common = [...words].filter((word) => others.has(word)).length;
  // A name of which only a part was written, as `opus`, has all its words in common.
  const overlap = Math.max(
    common / Math.max(words.size + others.size - common, 1),
    (0.9 * common) / Math.max(words.size, 1),
  );
  return 0.7 * (1 - distance) + 0.3 * overlap;
}

const SIGNS = /[-_.:/ ]+/;
const lettersOf = (name: string): string => name.split(SIGNS).join('');
const wordsOf = (name: string): readonly string[] => name.split(SIGNS).filter((word) => word !== '');

function relativeDistance(one: string, other: string): number {
  return editDistance(one, other) / Math.max(one.length, other.length, 1);
}
