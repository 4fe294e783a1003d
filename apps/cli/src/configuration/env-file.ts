import { appendFileSync, chmodSync, existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

/**
 * Adds variables to a `.env` file; those that it has already stay as they are. The file is readable for its owner alone. Returns the names that were
 * added.
 */
export function addToEnvFile(file: string, values: ReadonlyMap<string, string>): readonly string[] {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const there = parseEnv(text);
  const added = [...values].filter(([name]) => there[name] === undefined || there[name] === '');
  if (added.length === 0) return [];
  const gap = text === '' || text.endsWith('\n') ? '' : '\n';
  const lines = added.map(([name, value]) => `${name}=${quoted(value)}\n`);
  appendFileSync(file, `${gap}${lines.join('')}`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return added.map(([name]) => name);
}

/** A value as `.env` files hold it: plain where nothing in it has a meaning of its own. */
function quoted(value: string): string {
  if (/^[\w.\-+/=:@]+$/.test(value)) return value;
  const mark = ["'", '"', '`'].find((one) => !value.includes(one)) ?? "'";
  return `${mark}${value}${mark}`;
}
