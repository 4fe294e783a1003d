/** Where a value comes from. */
export type Source = FileSource | OtherSource;

/** A value that stands in a file, with its place there: lines and columns from 1. */
export interface FileSource {
  readonly kind: 'file';
  /** `project`: came with the project and needs trust for some things; `user`: the user's own. */
  readonly scope: 'project' | 'user';
  /** Path of the file. */
  readonly file: string;
  /** The file as it is shown. */
  readonly label: string;
  readonly line: number;
  readonly column: number;
  /** The text as written, where variables were put in. */
  readonly written?: string | undefined;
  /** The variables in it. */
  readonly variables?: readonly string[] | undefined;
  /** Of a list of keys: the text of each item as written, where variables were put into it. */
  readonly items?: readonly (string | undefined)[] | undefined;
}

/** A value that comes from no configuration file. */
export interface OtherSource {
  readonly kind: 'flag' | 'environment' | 'env-file' | 'default';
  /** The environment variable. */
  readonly name?: string | undefined;
}

/** One value of a configuration: the setting, in three spellings, and its source. */
export interface ConfigurationEntry {
  /** Path in `Configuration`. */
  readonly goal: readonly string[];
  /** Path in a file, as it was written. */
  readonly written: readonly string[];
  /** Path in a file, in the main spelling. */
  readonly main: readonly string[];
  readonly value: unknown;
  /** The value as it stands in the file, variables put in. */
  readonly raw: unknown;
  readonly source: Source;
}

/** A source in a few words: `flag`, `environment CLAUDE_CODE_DAILY_BUDGET`, `.env`, `router-config.yml:12:3`, `default`. */
export function describeSource(source: Source): string {
  if (source.kind === 'file') return `${source.label}:${source.line}:${source.column}`;
  if (source.kind === 'environment') return `environment ${source.name ?? ''}`.trimEnd();
  return source.kind === 'env-file' ? '.env' : source.kind;
}

/** Entries of several layers, the strongest layer first: for each setting the first entry. */
export function mergeEntries(layers: readonly (readonly ConfigurationEntry[])[]): readonly ConfigurationEntry[] {
  const byGoal = new Map<string, ConfigurationEntry>();
  for (const entry of layers.flat()) {
    const id = entry.goal.join('\0');
    if (!byGoal.has(id)) byGoal.set(id, entry);
  }
  return [...byGoal.values()];
}

/**
 * Finds the source of a value by its path in `Configuration` (`routing.strategy`) or in a file (`router.default_model`). A
 * part of a value has the source of the whole; a section has the source of its first value; the rest are defaults.
 */
export function sourceFinder(entries: readonly ConfigurationEntry[]): (path: string) => string {
  const sources = new Map<string, string>();
  for (const entry of entries) {
    for (const path of [entry.goal, entry.main, entry.written].map((one) => one.join('.'))) {
      if (!sources.has(path)) sources.set(path, describeSource(entry.source));
    }
  }
  return (path) => {
    for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
      const found = sources.get(path.slice(0, end));
      if (found !== undefined) return found;
    }
    for (const [known, source] of sources) if (known.startsWith(`${path}.`)) return source;
    return 'default';
  };
}
