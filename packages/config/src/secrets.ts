/** Beginnings of keys that vendors give out, and whole bearer headers. */
const KEY_SHAPES =
  /\b(?:sk-|sk_|pk-|rk-|gsk_|xai-|AIza|hf_|ghp_|github_pat_|glpat-|AKIA|eyJ)[\w\-.+/=]{6,}|(?<=\bBearer\s)\S{6,}/gi;

const KEY_NAMES = /key|token|secret|passw|auth|credential|cookie|signature/i;

export const HIDDEN = '<hidden>';

/** A text with everything in it that looks like a key replaced: the last barrier before a message is shown. */
export function maskSecrets(text: string): string {
  return text.replaceAll(KEY_SHAPES, HIDDEN);
}

/** Whether a setting or variable of that name holds something secret. `max_tokens`, `per_key` (budgets) and the like do not. */
export function isSecretName(name: string): boolean {
  return KEY_NAMES.test(name) && !/tokens(?:$|_)|_tokens|token_usage|_1k_|^per_key$/i.test(name);
}

/** Whether a value stands on a path whose values are never shown: keys, and headers, which may hold anything. */
export function isSecretPath(path: readonly (string | number)[]): boolean {
  if (path.includes('headers')) return true;
  return path.some((segment, index) => index >= 1 && typeof segment === 'string' && isSecretName(segment));
}

/** An address without its user information and query values. */
export function maskUrl(text: string): string {
  if (!URL.canParse(text)) return maskSecrets(text);
  const url = new URL(text);
  if (url.username === '' && url.password === '' && url.search === '') return maskSecrets(text);
  if (url.username !== '' || url.password !== '') {
    url.username = 'hidden';
    url.password = '';
  }
  for (const name of new Set(url.searchParams.keys())) url.searchParams.set(name, 'hidden');
  return maskSecrets(url.href);
}

/** Whether a key is one of those that stand in documentation: `sk-ant-...`, `<your key>`. */
export function isPlaceholder(key: string): boolean {
  return /\.\.\.$|…$|^<.*>$|^your[-_ ]|^x{4,}$/i.test(key.trim());
}
