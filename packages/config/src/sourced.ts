import type { ConfigurationEntry, FileSource } from './entry.ts';
import { type FilePlace, pathInFile } from './file-place.ts';
import { valueAt } from './schema-issues.ts';

type Sourced = Pick<ConfigurationEntry, 'written' | 'raw'> & { readonly source: FileSource };

/** What a file has at a path, and where it stands. */
export function sourced(written: readonly string[], place: FilePlace, atKey = false): Sourced {
  const { document, file, label, scope } = place;
  const path = pathInFile(written, place);
  const position = atKey ? document.keyPositionOf(path) : document.positionOf(path);
  return {
    written,
    raw: valueAt(place.value, written),
    source: { kind: 'file', scope, file, label, ...position, ...document.interpolationOf(path) },
  };
}

/** The same for a list of texts: it has the variables of all of them. */
export function sourcedList(written: readonly string[], place: FilePlace): Sourced {
  const whole = sourced(written, place);
  if (!Array.isArray(whole.raw)) return whole;
  const inside = whole.raw.map((_, index) => place.document.interpolationOf([...pathInFile(written, place), index]));
  const variables = inside.flatMap((one) => one?.variables ?? []);
  return { ...whole, source: { ...whole.source, variables, items: inside.map((one) => one?.written) } };
}
