import type * as z from 'zod';
import type { ConfigurationIssue } from './configuration-error.ts';
import { type ConfigurationDocument, dotted, type Path } from './document.ts';
import { pathInFile } from './file-place.ts';
import { knownKeys, knownPaths } from './json-schema.ts';
import { isSecretPath, maskSecrets } from './secrets.ts';
import { closest } from './suggestion.ts';

export const UNKNOWN_KEY = 'unknown key';

type SchemaIssue = z.core.$ZodIssue;

export interface SchemaIssueContext {
  readonly document: ConfigurationDocument;
  readonly label: string;
  readonly providerNames: readonly string[];
  /** As in `FilePlace`. */
  readonly bare: ReadonlySet<string>;
}

/** What the schema found wrong, with positions and in words. */
export function describeSchemaIssues(
  issues: readonly SchemaIssue[],
  value: unknown,
  context: SchemaIssueContext,
): readonly ConfigurationIssue[] {
  return issues.flatMap((issue) => describe(issue, [], value, context));
}

function describe(
  issue: SchemaIssue,
  prefix: Path,
  value: unknown,
  context: SchemaIssueContext,
): readonly ConfigurationIssue[] {
  const path: Path = [...prefix, ...issue.path.map((segment) => (typeof segment === 'symbol' ? '' : segment))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], key, context));
  if (issue.code === 'invalid_union') {
    // The one branch whose kind of value is right says what is wrong inside it.
    const inside = issue.errors.filter((branch) => branch.length > 0 && !branch.some(atRoot));
    const [branch] = inside;
    if (branch && inside.length === 1) return branch.flatMap((one) => describe(one, path, value, context));
  }
  const found = valueAt(value, path);
  const expected = issueText(issue);
  const message = expected.startsWith('expected ')
    ? `${expected}, found ${describeFound(found, path, context)}${quotesHint(expected, found)}`
    : expected;
  const suggestion =
    issue.code === 'invalid_value' && typeof found === 'string' ? closest(found, issue.values.map(String)) : undefined;
  return [
    {
      file: context.label,
      ...context.document.positionOf(pathInFile(path, context)),
      path: maskSecrets(dotted(pathInFile(path, context))),
      message: maskSecrets(message),
      suggestion,
    },
  ];
}

/** Whether an issue of a union's branch says that the value isn't of that branch's kind at all. */
function atRoot(issue: SchemaIssue): boolean {
  return issue.path.length === 0 && issue.code !== 'unrecognized_keys';
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['object', 'keys and values'],
  ['record', 'keys and values'],
  ['array', 'a list'],
  ['string', 'text'],
  ['number', 'a number'],
]);

function issueText(issue: SchemaIssue): string {
  if (issue.code === 'invalid_value') return `expected ${issue.values.map((one) => `"${String(one)}"`).join(' or ')}`;
  const standard = issue.message.startsWith('Invalid input: expected');
  if (issue.code === 'invalid_type' && standard) return `expected ${KINDS.get(issue.expected) ?? issue.expected}`;
  if (issue.code === 'invalid_union' && !issue.message.startsWith('expected '))
    return 'expected text or keys and values';
  return issue.message;
}

function describeFound(found: unknown, path: Path, context: SchemaIssueContext): string {
  const interpolation = context.document.interpolationOf(pathInFile(path, context));
  if (interpolation) {
    const empty = found === '' ? ', which is empty' : '';
    return `the value of ${interpolation.variables.map((name) => `\${${name}}`).join(', ')}${empty}`;
  }
  if (found === undefined) return 'nothing';
  if (Array.isArray(found)) return found.length === 0 ? 'an empty list' : 'a list';
  if (typeof found === 'object') return 'keys and values';
  if (isSecretPath(path)) return typeof found === 'string' ? 'other text' : `a ${typeof found}`;
  if (typeof found === 'number') return `the number ${found}`;
  if (typeof found !== 'string') return String(found);
  // An address may hold a password in its middle.
  if (found.includes('@')) return 'other text';
  return found === '' ? 'empty text' : `the text "${found.length > 60 ? `${found.slice(0, 60)}…` : found}"`;
}

function quotesHint(expected: string, found: unknown): string {
  const bare = typeof found === 'number' || typeof found === 'boolean';
  return expected === 'expected text' && bare ? '; put it in quotes' : '';
}

function unknownKey(path: Path, key: string, context: SchemaIssueContext): ConfigurationIssue {
  return {
    file: context.label,
    ...context.document.keyPositionOf(pathInFile(path, context)),
    path: maskSecrets(dotted(pathInFile(path, context))),
    message: UNKNOWN_KEY,
    suggestion: suggestKey(path.slice(0, -1), key, context.providerNames),
  };
}

/** A near name in the same section; else the same name in another section. */
function suggestKey(section: Path, key: string, providerNames: readonly string[]): string | undefined {
  if (section.length === 0 && providerNames.includes(key)) return `providers.${key}`;
  const near = closest(key, knownKeys(section));
  if (near !== undefined) return near;
  const elsewhere = knownPaths().filter((path) => path.endsWith(`.${key}`) || path === key);
  return elsewhere[0];
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, segment) =>
      typeof here === 'object' && here !== null && Object.hasOwn(here, segment)
        ? (here as Record<string | number, unknown>)[segment]
        : undefined,
    value,
  );
}
