import type { NotedContext } from './effort-of.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Parts of a digest: eight hashes of 32 bits are as many bits as two identifiers need in order not to meet by chance. */
const SEEDS = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 0x165667b1, 0xd3a2646c, 0xfd7046c5];

/**
 * An identifier as an endpoint takes it: as it is, or a digest where it is longer than `most` characters. Nobody reads it; the same one
 * must only stay the same.
 */
export function fittingIdentifier(encoding: NotedContext, value: string, most: number, field: string): string {
  if (value.length <= most) return value;
  encoding.note(
    'approximated',
    field,
    `longer than the ${most} characters that the endpoint takes: a digest of it is sent`,
  );
  return digest(value).slice(0, most);
}

function digest(text: string): string {
  const states = SEEDS.map((seed) => {
    let state = seed;
    for (let index = 0; index < text.length; index += 1) {
      state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
      state ^= state >>> 15;
    }
    return Math.imul(state ^ (state >>> 13), 0x5bd1e995) >>> 0;
  });
  return states.map((state) => [0, 6, 12, 18, 24].map((shift) => ALPHABET[(state >>> shift) & 63]).join('')).join('');
}
