import type { ConfigurationDocument } from './document.ts';

/** A file that is being read. */
export interface FilePlace {
  readonly document: ConfigurationDocument;
  readonly label: string;
  readonly file: string;
  readonly scope: 'project' | 'user';
  /** Providers that stand at the top of the file, without a `providers` above them. */
  readonly bare: ReadonlySet<string>;
  /** Its content with variables put in, in the full form. */
  readonly value: unknown;
}

/** Path within the file: a provider's block that stands at the top has no `providers` in its paths. */
export function pathInFile(
  path: readonly (string | number)[],
  { bare }: Pick<FilePlace, 'bare'>,
): readonly (string | number)[] {
  const [section, id] = path;
  return section === 'providers' && typeof id === 'string' && bare.has(id) ? path.slice(1) : path;
}
