import { type ConfigurationEntry, describeSource } from './entry.ts';
import { interpolate } from './interpolation.ts';
import type { LoadedConfiguration } from './load-configuration.ts';
import { HIDDEN, isSecretName, isSecretPath, maskSecrets, maskUrl } from './secrets.ts';
import { SPELLINGS } from './spellings.ts';

const SECTIONS = [...new Set(SPELLINGS.map(([written]) => written.split('.')[0] ?? ''))];

/**
 * The configuration in effect as YAML, in the main spelling, each value with its source as a comment; for `config show`. Keys and
 * headers are hidden; what was written as `${VARIABLE}` is shown as that where its name is that of a secret.
 */
export function renderConfiguration(loaded: Pick<LoadedConfiguration, 'entries'>): string {
  const tree: Tree = new Map();
  const rank = (entry: ConfigurationEntry): number => SECTIONS.indexOf(entry.main[0] ?? '');
  for (const entry of loaded.entries.toSorted((one, other) => rank(one) - rank(other))) {
    const field = entry.goal[0] === 'providers' ? entry.goal[2] : undefined;
    if (field === 'id') place(tree, entry.main, new Map());
    else if (field === 'apiKeyVariable') placeVariable(tree, entry);
    else if (isReplacedKey(entry)) continue;
    else place(tree, entry.main, { value: shownValue(entry), comment: describeSource(entry.source) });
  }
  return `${writeMap(tree, 0).join('\n')}\n`;
}

/** One setting in effect. */
export interface DescribedSetting {
  /** In the main spelling, `routing.strategy`. */
  readonly path: string;
  /** As it is shown: keys and headers are hidden. */
  readonly value: unknown;
  readonly source: string;
}

/** The configuration in effect as a list, for programs; hides what `renderConfiguration` hides. */
export function describeConfiguration(loaded: Pick<LoadedConfiguration, 'entries'>): readonly DescribedSetting[] {
  return loaded.entries
    .filter((entry) => !(entry.goal[0] === 'providers' && entry.goal[2] === 'id') && !isReplacedKey(entry))
    .map((entry) => {
      const isVariable = entry.goal[2] === 'apiKeyVariable' && entry.goal[0] === 'providers';
      const value = isVariable ? (shownKeys(entry) ?? `\${${String(entry.value)}}`) : shownValue(entry);
      return { path: entry.main.join('.'), value, source: describeSource(entry.source) };
    });
}

interface Leaf {
  readonly value: unknown;
  readonly comment: string;
}

interface Tree extends Map<string, Tree | Leaf> {}

function place(tree: Tree, path: readonly string[], value: Tree | Leaf): void {
  let here = tree;
  for (const segment of path.slice(0, -1)) {
    const next = here.get(segment);
    const branch: Tree = next instanceof Map ? next : new Map();
    here.set(segment, branch);
    here = branch;
  }
  const last = path.at(-1) ?? '';
  // A provider's own line must not wipe out what was said of it before.
  if (!(value instanceof Map && here.has(last))) here.set(last, value);
}

/** A key that is only a variable without value: the variable's name is the news. */
function placeVariable(tree: Tree, entry: ConfigurationEntry): void {
  if (entry.value === undefined) return;
  const value = shownKeys(entry) ?? `\${${String(entry.value)}}`;
  place(tree, entry.main, { value, comment: `${describeSource(entry.source)}, not set` });
}

/** Whether an entry only says that a weaker file's key or keys don't hold. */
function isReplacedKey({ goal, value }: ConfigurationEntry): boolean {
  return goal[0] === 'providers' && (goal[2] === 'apiKey' || goal[2] === 'apiKeys') && value === undefined;
}

/** A list of keys: what was written as a variable is shown as that. */
function shownKeys({ source, raw }: ConfigurationEntry): readonly string[] | undefined {
  if (source.kind !== 'file' || source.items === undefined || !Array.isArray(raw)) return undefined;
  return source.items.map((written) => {
    const { variables } = interpolate(written ?? '', {});
    return variables.length === 0 ? HIDDEN : variables.map((name) => `\${${name}}`).join(' ');
  });
}

function shownValue(entry: ConfigurationEntry): unknown {
  const { source, raw, main } = entry;
  const keys = shownKeys(entry);
  if (keys !== undefined) return keys;
  if (source.kind === 'file' && source.variables && source.variables.length > 0) {
    const secret = isSecretPath(main) || source.variables.some(isSecretName);
    // A default behind a variable may be a secret itself, so only the names are shown.
    if (secret) return source.variables.map((name) => `\${${name}}`).join(' ');
  }
  return mask(raw, main);
}

function mask(value: unknown, path: readonly (string | number)[]): unknown {
  if (Array.isArray(value)) return value.map((one, index) => mask(one, [...path, index]));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mask(one, [...path, key])]));
  }
  if (value === undefined) return null;
  if (isSecretPath(path)) return HIDDEN;
  return typeof value === 'string' ? maskUrl(value) : value;
}

function writeMap(tree: Tree, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return [...tree].flatMap(([key, value]) => {
    if (!(value instanceof Map)) return writeValue(key, value, indent);
    if (value.size === 0) return [`${indent}${word(key)}: {}`];
    return [`${indent}${word(key)}:`, ...writeMap(value, depth + 1)];
  });
}

function writeValue(key: string, { value, comment }: Leaf, indent: string): string[] {
  const head = `${indent}${word(key)}:`;
  if (typeof value !== 'object' || value === null) return [`${head} ${scalar(value)} # ${comment}`];
  const lines = writeBlock(value, `${indent}  `);
  return lines.length === 0
    ? [`${head} ${Array.isArray(value) ? '[]' : '{}'} # ${comment}`]
    : [`${head} # ${comment}`, ...lines];
}

function writeBlock(value: object, indent: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      if (typeof item !== 'object' || item === null) return [`${indent}- ${scalar(item)}`];
      const [first = '{}', ...rest] = writeBlock(item, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value).flatMap(([key, one]) => {
    if (typeof one !== 'object' || one === null) return [`${indent}${word(key)}: ${scalar(one)}`];
    const lines = writeBlock(one, `${indent}  `);
    return lines.length === 0
      ? [`${indent}${word(key)}: ${Array.isArray(one) ? '[]' : '{}'}`]
      : [`${indent}${word(key)}:`, ...lines];
  });
}

/** JSON's scalars are YAML's. Plain words need no quotes. */
function scalar(value: unknown): string {
  return typeof value === 'string' ? word(value) : JSON.stringify(value ?? null);
}

const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z_][\w./-]*$/i;

function word(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(maskSecrets(text));
}
