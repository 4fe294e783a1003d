import { RouterError } from '@signalbox/core';

/** A part of a list, and whether there is more of it in the direction that was asked for. */
interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/** What a list is asked for, as it stands in the address. */
type Query = (name: string) => string | undefined;

/** Anthropic's upper limit of `limit`, and Google's of `pageSize` (which takes more as this many). */
const MOST = 1_000;

/**
 * A page as Anthropic's API asks for it: `limit` (1 to 1,000), and `after_id` or `before_id`. Without `limit` it is the whole rest: unlike Anthropic's 20, for clients that read one page.
 * Throws RouterError `invalid-request` (https://docs.anthropic.com/en/api/models-list).
 */
export function anthropicPage<Item>(list: readonly Item[], idOf: (item: Item) => string, query: Query): Page<Item> {
  const limit = wholeNumber(query('limit'), 'limit', 1, MOST) ?? list.length;
  const [after, before] = [query('after_id'), query('before_id')];
  if (after !== undefined && before !== undefined) {
    throw invalid('before_id', 'after_id and before_id are two ways to ask: give one of them.');
  }
  const placeOf = (id: string, parameter: string) => {
    const place = list.findIndex((item) => idOf(item) === id);
    if (place === -1) throw invalid(parameter, `${parameter}: the list has no model "${id}".`);
    return place;
  };
  if (before !== undefined) {
    const end = placeOf(before, 'before_id');
    const start = Math.max(0, end - limit);
    return { items: list.slice(start, end), hasMore: start > 0 };
  }
  const start = after === undefined ? 0 : placeOf(after, 'after_id') + 1;
  return { items: list.slice(start, start + limit), hasMore: start + limit < list.length };
}

/**
 * A page as Google's API asks for it: `pageSize`, and a `pageToken` from the page before. Without `pageSize` it is the whole rest. Throws RouterError `invalid-request`
 * (https://ai.google.dev/api/models#method:-models.list).
 */
export function googlePage<Item>(
  list: readonly Item[],
  idOf: (item: Item) => string,
  query: Query,
): { readonly items: readonly Item[]; readonly nextPageToken: string | undefined } {
  const size = wholeNumber(query('pageSize'), 'pageSize', 0, Number.POSITIVE_INFINITY) || list.length;
  const token = query('pageToken') ?? '';
  // The last that was shown, not a number: a list that has changed since neither repeats nor leaves out.
  const last = Buffer.from(token, 'base64url').toString();
  const start = token === '' ? 0 : list.findIndex((item) => idOf(item) === last) + 1;
  if (token !== '' && start === 0) throw invalid('pageToken', 'pageToken: it is of no page of this list.');
  const items = list.slice(start, start + Math.min(size, MOST));
  const end = items.at(-1);
  const isLast = end === undefined || start + items.length >= list.length;
  return { items, nextPageToken: isLast ? undefined : Buffer.from(idOf(end)).toString('base64url') };
}

function wholeNumber(text: string | undefined, name: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range = Number.isFinite(most) ? `from ${least} to ${most}` : `of ${least} or more`;
  throw invalid(name, `${name} must be a whole number ${range}.`);
}

const invalid = (parameter: string, message: string) =>
  new RouterError({ kind: 'invalid-request', message, parameter });
