import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../wire-pack/formats.ts';
import { requestLosses, silentLosses } from '../wire-pack/losses/request-losses.ts';
import { BASE_REQUEST } from './concept.ts';
import { requestOutcome } from './matrix.ts';
import { matrixRows, translationPage } from './page.ts';

const rows = matrixRows();

describe('no silent loss in translation', () => {
  it.each(rows.map((row) => [`${row.section}: ${row.name}`, row] as const))('%s', (_name, { outcomes }) => {
    const silent = outcomes.flatMap(({ format, outcome }) => outcome.silent.map((loss) => `${format}: ${loss}`));
    expect(silent).toEqual([]);
  });

  it('finds a loss that is not reported', () => {
    const after = { ...BASE_REQUEST, maxOutputTokens: 1 };
    const losses = requestLosses({ ...BASE_REQUEST, userId: 'u' }, after);
    expect(losses.map((loss) => loss.field)).toEqual(['maxOutputTokens', 'userId']);
    expect(silentLosses(losses, [{ field: 'userId', action: 'dropped', reason: '' }])).toHaveLength(1);
    expect(silentLosses(losses, [{ field: 'messages', action: 'dropped', reason: '' }])).toHaveLength(2);
  });

  it('carries the plain request without a note', () => {
    for (const recorded of FORMATS) {
      const outcome = requestOutcome({ name: '', request: {} }, recorded);
      expect(outcome, recorded.endpoint).toEqual({ word: 'mapped', reasons: [], silent: [] });
    }
  });
});

describe('docs/translation.md', () => {
  it('says what the codecs do (npm run translation:write)', () => {
    expect(readFileSync(new URL('../docs/translation.md', import.meta.url), 'utf8')).toBe(translationPage(rows));
  });
});
