import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { ConfigurationIssue } from './configuration-error.ts';
import { interpolate } from './interpolation.ts';
import { maskSecrets } from './secrets.ts';

export type Path = readonly (string | number)[];

interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file's text as plain values with variables put in, and where each of them stands. */
export interface ConfigurationDocument {
  /** Empty values (`key:`) are `undefined` under their key. */
  readonly value: unknown;
  readonly issues: readonly ConfigurationIssue[];
  readonly warnings: readonly string[];
  /** Of a value; of its nearest ancestor where it has none. */
  positionOf(path: Path): Position;
  /** Of a key. */
  keyPositionOf(path: Path): Position;
  /** The text as written and the variables in it, where a value holds some. */
  interpolationOf(path: Path): { readonly written: string; readonly variables: readonly string[] } | undefined;
}

/** More values than this come from aliases of aliases, not from a person. */
const MOST_NODES = 100_000;

export interface ReadDocumentOptions {
  /** As it is shown in messages. */
  readonly label: string;
  readonly format: 'yaml' | 'json';
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads YAML or JSON (which is YAML for this purpose, with the comments that editors allow). Syntax errors become issues; then `value` is undefined. */
export function readDocument(written: string, options: ReadDocumentOptions): ConfigurationDocument {
  const text = options.format === 'json' ? withoutComments(written) : written;
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true, logLevel: 'error' });
  const positions = new Map<string, Position>();
  const keyPositions = new Map<string, Position>();
  const interpolations = new Map<string, { written: string; variables: readonly string[] }>();
  const issues: ConfigurationIssue[] = [];

  const id = (path: Path): string => path.join('\0');
  const at = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const nearest = (positionMap: ReadonlyMap<string, Position>, path: Path): Position => {
    for (let length = path.length; length >= 0; length -= 1) {
      const ancestor = path.slice(0, length);
      const found = (length === path.length ? positionMap.get(id(ancestor)) : undefined) ?? positions.get(id(ancestor));
      if (found) return found;
    }
    return { line: 1, column: 1 };
  };
  const report = (path: Path, message: string): void => {
    issues.push({
      file: options.label,
      ...nearest(positions, path),
      path: maskSecrets(dotted(path)),
      message: maskSecrets(message),
    });
  };

  let nodes = 0;
  const open = new Set<Node>();

  function read(node: unknown, path: Path): unknown {
    nodes += 1;
    if (nodes > MOST_NODES) {
      if (nodes === MOST_NODES + 1) report([], `holds more than ${MOST_NODES} values`);
      return undefined;
    }
    if (isAlias(node)) return readAlias(node, path);
    if (isMap(node)) return inside(node, path, () => readMap(node, path));
    if (isSeq(node)) return inside(node, path, () => node.items.map((item, index) => read(item, [...path, index])));
    if (!isScalar(node)) return undefined;
    if (!(node.value === null && positions.has(id(path)))) remember(node, path);
    return typeof node.value === 'string' ? readText(node.value, path) : (node.value ?? undefined);
  }

  /** Reads what a node holds; meanwhile an alias of it would refer to itself. */
  function inside<Value>(node: Node, path: Path, content: () => Value): Value {
    remember(node, path);
    open.add(node);
    const value = content();
    open.delete(node);
    return value;
  }

  function readAlias(node: Alias, path: Path): unknown {
    const target = node.resolve(document);
    if (node.range) positions.set(id(path), at(node.range[0]));
    if (target !== undefined && !open.has(target)) return read(target, path);
    report(path, target ? 'an alias that refers to itself' : `the alias "*${node.source}" has no anchor`);
    return undefined;
  }

  function readMap(node: YAMLMap, path: Path): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : String(key);
      const here = [...path, name];
      if (isScalar(key) && key.range) keyPositions.set(id(here), at(key.range[0]));
      if (name === '<<' && (isAlias(value) || isMap(value) || isSeq(value))) {
        for (const [inherited, one] of mergedEntries(read(value, here)))
          if (!Object.hasOwn(object, inherited)) object[inherited] = one;
      } else if (name === '__proto__') report(here, 'not a name for a key');
      else object[name] = readMember(value, here);
    }
    return object;
  }

  /** The value of a key. One that says nothing is where its key is. */
  function readMember(value: unknown, path: Path): unknown {
    if (value === null || (isScalar(value) && value.value === null)) {
      const place = keyPositions.get(id(path));
      if (place) positions.set(id(path), place);
    }
    return value === null ? undefined : read(value, path);
  }

  function remember(node: Node, path: Path): void {
    // What an alias stands for is reported where the alias stands.
    if (node.range && !positions.has(id(path))) positions.set(id(path), at(node.range[0]));
  }

  function readText(written: string, path: Path): unknown {
    const { text: value, variables, missing, malformed } = interpolate(written, options.env);
    if (variables.length > 0) interpolations.set(id(path), { written, variables });
    if (malformed !== undefined) {
      report(path, malformed);
      return undefined;
    }
    if (missing.length === 0) return value;
    // A key whose variable is not set is a provider without a key, which is no mistake of the file.
    if (path.at(-1) !== 'api_key' && path.at(-2) !== 'api_keys') {
      for (const name of missing) {
        report(path, `the variable ${name} is not set: set it, or write \${${name}:-default}`);
      }
    }
    return undefined;
  }

  const escapes = document.errors.filter((error) => error.code === 'BAD_DQ_ESCAPE');
  const broken = document.errors.filter((error) => error.code !== 'BAD_DQ_ESCAPE');
  const describe = (error: YAMLError): ConfigurationIssue => ({
    file: options.label,
    ...at(error.pos[0]),
    path: '',
    message: describeSyntax(error, text, options.format),
  });
  // What follows the first mistake in the syntax is mostly its consequence; keys written twice are mistakes by themselves.
  const firstBroken = broken.find((error) => error.code !== 'DUPLICATE_KEY');
  issues.push(...broken.filter((error) => error.code === 'DUPLICATE_KEY' || error === firstBroken).map(describe));
  const value = firstBroken ? undefined : read(document.contents, []);
  const warnings = escapes.map((error) => {
    const { line, column } = at(error.pos[0]);
    const written = text.slice(error.pos[0], error.pos[0] + 2);
    return `${options.label}:${line}:${column}: "${written}" is no escape in a text in double quotes; it was read as it stands. Write the text in single quotes: '...${written}...'.`;
  });
  return {
    value,
    issues,
    warnings,
    positionOf: (path) => nearest(positions, path),
    keyPositionOf: (path) => nearest(keyPositions, path),
    interpolationOf: (path) => interpolations.get(id(path)),
  };
}

/** Blanks in the place of comments that begin with two slashes, or a slash and a star: everything else stays where it is. */
function withoutComments(json: string): string {
  return json.replace(/"(?:\\.|[^"\\])*"|#.*|\/\/.*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('/') ? found.replace(/\S/g, ' ') : found,
  );
}

/** A path as people read it: `routing.rules[3].model`. */
export function dotted(path: Path): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    return text === '' ? segment : `${text}.${segment}`;
  }, '');
}

function mergedEntries(value: unknown): readonly [string, unknown][] {
  const maps = Array.isArray(value) ? value : [value];
  return maps.flatMap((one) => (typeof one === 'object' && one !== null ? Object.entries(one) : []));
}

function describeSyntax(error: YAMLError, text: string, format: 'yaml' | 'json'): string {
  const language = format === 'json' ? 'JSON' : 'YAML';
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^["']?([^\s"':]+)/.exec(text.slice(error.pos[0], error.pos[0] + 80))?.[1] ?? '';
    return `the key "${maskSecrets(key)}" is written twice in one section; keep one`;
  }
  if (error.code === 'TAB_AS_INDENT') return `not valid ${language}: a tab in the indentation; use spaces`;
  if (error.code === 'MULTIPLE_DOCS') return 'more than one document in the file ("---"); keep one';
  const line = text.slice(text.lastIndexOf('\n', error.pos[0] - 1) + 1).split('\n', 1)[0] ?? '';
  if (error.message.startsWith('Implicit map keys need to be followed by map values')) {
    const said = maskSecrets(line.trim());
    return `not valid ${language}: "${said.length > 60 ? `${said.slice(0, 57)}...` : said}" is no "key: value"; a command belongs into a shell, a remark behind "#"`;
  }
  const reason = (error.message.split('\n')[0] ?? '').replace(/ in YAML stream: .*$/, '').replace(/\.$/, '');
  const hint = /(?:\[|\{.*:|,)\s*\$\{/.test(line) ? `; within [...] and {...} write "\${NAME}" in quotes` : '';
  return `not valid ${language}: ${maskSecrets(reason)}${hint}`;
}
