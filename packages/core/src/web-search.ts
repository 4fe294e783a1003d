import { asArray, asObject, asString, type JsonObject, type JsonValue } from './json.ts';
import type { WebSearch } from './model-request.ts';
import type { NoteList } from './note-list.ts';

/** The settings of a search, from where formats have them: undefined ones are left out. */
export function webSearchFrom(settings: {
  readonly allowed?: JsonValue | undefined;
  readonly blocked?: JsonValue | undefined;
  readonly location?: JsonValue | undefined;
  readonly contextSize?: JsonValue | undefined;
  readonly maxUses?: JsonValue | undefined;
}): WebSearch {
  const allowedDomains = words(settings.allowed);
  const blockedDomains = words(settings.blocked);
  const place = asObject(settings.location);
  const contextSize = asString(settings.contextSize);
  const { maxUses } = settings;
  return {
    ...(allowedDomains.length === 0 ? {} : { allowedDomains }),
    ...(blockedDomains.length === 0 ? {} : { blockedDomains }),
    ...(place === undefined ? {} : { location: locationFrom(place) }),
    ...(contextSize === undefined ? {} : { contextSize }),
    ...(typeof maxUses === 'number' ? { maxUses } : {}),
  };
}

function words(list: JsonValue | undefined): string[] {
  return asArray(list).filter((entry) => typeof entry === 'string');
}

function locationFrom(place: JsonObject): NonNullable<WebSearch['location']> {
  const told = (['city', 'region', 'country', 'timezone'] as const).map((key) => [key, asString(place[key])] as const);
  return Object.fromEntries(told.filter(([, value]) => value !== undefined));
}

/**
 * Reports a search that another format's tool becomes: `field` is the tool's, `takes` what of its settings the target has. Where a search may look
 * is a loss, how it is done only an approximation.
 */
export function noteWebSearch(
  search: WebSearch,
  takes: readonly (keyof WebSearch)[],
  field: string,
  name: string,
  notes: Pick<NoteList, 'mapped' | 'approximated' | 'dropped'>,
): void {
  notes.mapped(field, `sent as ${name}`);
  for (const key of Object.keys(search) as (keyof WebSearch)[]) {
    if (takes.includes(key)) continue;
    const isLoss = key === 'allowedDomains' || key === 'blockedDomains';
    notes[isLoss ? 'dropped' : 'approximated'](`${field}.webSearch.${key}`, `${name} has no such setting`);
  }
}
