import { editDistance } from '@signalbox/core';

/** What other tools call the same thing: only used where the right name is possible. */
const SYNONYMS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    key: ['api_key'],
    token: ['api_key'],
    url: ['endpoint'],
    baseurl: ['endpoint'],
    apibase: ['endpoint'],
    host: ['endpoint'],
    contextwindow: ['max_tokens'],
    maxoutput: ['max_output_tokens'],
    maxcompletiontokens: ['max_output_tokens'],
    defaultmodel: ['default', 'default_model'],
    retries: ['max_attempts', 'max_retries'],
    rpm: ['rate_limit', 'max_rpm'],
    cache: ['caching'],
    fallbacks: ['fallback', 'fallback_order'],
  }),
);

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_\-\s]/g, '');
}

/** Longer names than this are not typos of ours; measuring them would only cost time. */
const LONGEST = 64;

/** The candidate that was probably meant, if one is near enough: about one slip in three letters. */
export function closest(name: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(name);
  if (wanted === '' || wanted.length > LONGEST) return undefined;
  const synonym = SYNONYMS.get(wanted)?.find((one) => candidates.includes(one));
  let best: string | undefined = synonym;
  let bestDistance = synonym === undefined ? Math.max(1, Math.floor(wanted.length / 3)) + 1 : 1;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const distance = editDistance(wanted, plain(candidate));
    if (distance < bestDistance && distance < candidate.length) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
