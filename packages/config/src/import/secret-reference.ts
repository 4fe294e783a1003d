import { leaveOut } from './draft.ts';
import type { Draft, DraftProvider, KnownProvider } from './imported.ts';

/** `$NAME`, `${NAME}`, `os.environ/NAME`, `env.NAME`: the ways in which other programs name a variable. */
const REFERENCE = /^(?:\$\{([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|os\.environ\/([A-Za-z_]\w*)|env\.([A-Za-z_]\w*))$/;

/** What people write where a server of their own takes any key and a program insists on one. */
const NO_KEY = /^(?:none|null|empty|dummy|not-needed|no-key|(?:sk-)?no-key-required)$/i;

/** The variable that a value names; undefined for a value that is meant as it stands. */
function referencedVariable(value: string): string | undefined {
  const match = REFERENCE.exec(value.trim());
  return match?.slice(1).find((name) => name !== undefined);
}

/** A value that may name a variable, as our files write it: `${NAME}`. */
export function withOurReference(value: string): string {
  const variable = referencedVariable(value);
  return variable === undefined ? value : `\${${variable}}`;
}

/**
 * Gives a provider a key: a reference stays one, and a key that stands in the file moves into a variable of its own. Local servers take any
 * key, so theirs is left out.
 */
export function addKey(
  draft: Draft,
  provider: DraftProvider,
  known: KnownProvider | undefined,
  value: string | undefined,
): void {
  const key = value?.trim() ?? '';
  if (key === '' || NO_KEY.test(key) || known?.local === true) return;
  const variable = referencedVariable(key) ?? freeVariable(draft, known?.keyVariable ?? variableOf(provider.name), key);
  provider.keyVariables.add(variable);
  if (referencedVariable(key) === undefined) draft.secrets.set(variable, key);
}

/** The first of `NAME`, `NAME_2`, ... that is free, or holds this very value. */
function freeVariable(draft: Draft, wanted: string, value: string): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}_${number}`;
    const held = draft.secrets.get(name);
    const referenced = [...draft.providers.values()].some((one) => one.keyVariables.has(name));
    if (held === value || (held === undefined && !referenced)) return name;
  }
}

/** Headers of a foreign file; those that hold a secret move into variables. */
export function addHeaders(
  draft: Draft,
  provider: DraftProvider,
  headers: Readonly<Record<string, unknown>>,
  path: string,
): void {
  for (const [header, value] of Object.entries(headers)) {
    if (typeof value !== 'string') {
      leaveOut(draft, `${path}.${header}`, 'a header is text');
      continue;
    }
    const variable = referencedVariable(value);
    const safe = variable !== undefined || !/key|token|auth|secret|cookie/i.test(header);
    const own = safe ? undefined : freeVariable(draft, variableOf(provider.name, header), value);
    if (own !== undefined) draft.secrets.set(own, value);
    provider.headers = {
      ...provider.headers,
      [header]: own === undefined ? withOurReference(value) : `\${${own}}`,
    };
  }
}

function variableOf(...parts: readonly string[]): string {
  const words = parts
    .join('_')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toUpperCase();
  const name = /^\d/.test(words) ? `P_${words}` : words;
  return parts.length === 1 ? `${name}_API_KEY` : name;
}
