import type { ConfigurationDocument } from './document.ts';

/** A file that is being read. */
export interface FilePlace {
  readonly document: ConfigurationDocument;
  readonly label: string;
  readonly file: string;
  readonly scope: 'project' | 'user';
  readonly providersOnly: boolean;
  /** Its content with variables put in, in the full form. */
  readonly value: unknown;
}

/** Path within the file: a `providers` block alone has no `providers` in its paths. */
export function pathInFile(path: readonly (string | number)[], place: FilePlace): readonly (string | number)[] {
  return place.providersOnly ? path.slice(1) : path;
}
