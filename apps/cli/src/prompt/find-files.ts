import { existsSync } from 'node:fs';
import { RouterError } from '@signalbox/core';

/** Whether a word is a pattern of files. A file of that very name (`app/[id]/page.tsx`) comes first. */
export function isPattern(word: string): boolean {
  return /[*?[\]{}!()]/.test(word) && !existsSync(word);
}

/**
 * The files that patterns match, sorted by name; what `.gitignore` files leave out is left out, and `.git` always is. Throws RouterError `usage` where
 * nothing matches.
 *
 * @example await filesOf(['src/**' + '/*.py', '!src/vendor/**'])
 */
export async function filesOf(patterns: readonly string[]): Promise<readonly string[]> {
  // Only who looks for files pays for loading this.
  const { globby } = await import('globby');
  const found = await globby([...patterns], {
    gitignore: true,
    expandDirectories: true,
    onlyFiles: true,
    suppressErrors: true,
    ignore: ['**/.git/**', '**/node_modules/**'],
  });
  if (found.length === 0) {
    throw new RouterError({
      kind: 'usage',
      message: `No file matches ${patterns.join(', ')} (files that .gitignore names are left out).`,
    });
  }
  return found.sort();
}
