import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../packages/config/src/index.ts';
import { settingsOf } from '../packages/config/src/spellings.ts';
import { EXAMPLES } from '../scripts/configuration/examples.ts';
import { configurationPage } from '../scripts/configuration/page.ts';
import { type ConfigurationKey, configurationBlocks } from '../scripts/configuration/rows.ts';
import { root } from './workspace.ts';

const blocks = configurationBlocks();
const keys = blocks.flatMap((block) => block.keys);

/** What else has to be said for a key to stand: a rule needs a model, a token its issuer. */
const BESIDE: readonly (readonly [path: RegExp, beside: string])[] = [
  [/^routing\.rules\[\]\.(task_type|task_complexity|pattern)$/, 'model: anthropic.sonnet'],
  [/^routing\.rules\[\]\.(model|prefer)$/, 'task_complexity: high'],
  [/^routing\.rules\[\]\.(fallback|max_daily_uses)$/, 'task_complexity: high, model: anthropic.sonnet'],
  [/^budget\.alerts\[\]\.threshold$/, 'action: notify'],
  [/^budget\.alerts\[\]\.action$/, 'threshold: 0.5'],
  [/^budget\.alerts\[\]\.release_margin$/, 'threshold: 0.5, action: notify'],
  [/cost_per_1k_tokens\.input$/, 'output: 1'],
  [/cost_per_1k_tokens\.output$/, 'input: 1'],
  [/^(quality|balanced|speed)_mode\.(temperature|top_p)$/, 'model: claude-sonnet-4'],
  [/^gateway\.jwt\.issuer$/, 'audience: a, jwks: https://id.example.com/keys'],
  [/^gateway\.jwt\.audience$/, 'issuer: a, jwks: https://id.example.com/keys'],
  [/^gateway\.jwt\.jwks$/, 'issuer: a, audience: a'],
  [/^gateway\.jwt\.clock_tolerance$/, 'issuer: a, audience: a, jwks: https://id.example.com/keys'],
  [/^gateway\.jwt\.claims\./, 'x'],
];

/** A file that says nothing but this key, with the example of the page. */
function fileWith({ path, example }: ConfigurationKey): string {
  const steps = path.split('.').flatMap((step) => (step.endsWith('[]') ? [step.slice(0, -2), '[]'] : [step]));
  const beside = BESIDE.find(([pattern]) => pattern.test(path))?.[1];
  const last = steps.length - 1;
  const build = (at: number): string => {
    const step = steps[at];
    if (step === undefined) return example;
    if (step === '[]') return `[${build(at + 1)}]`;
    const name = step.startsWith('<') ? 'mine' : step;
    const jwt = path.startsWith('gateway.jwt.claims.') && step === 'claims';
    const more = jwt
      ? ', issuer: a, audience: a, jwks: https://id.example.com/keys'
      : at === last && beside !== undefined && beside !== 'x'
        ? `, ${beside}`
        : '';
    return `{ ${JSON.stringify(name)}: ${build(at + 1)}${more} }`;
  };
  return build(0);
}

describe('docs/configuration-reference.md', () => {
  it('says what the schema says (npm run configuration:write)', () => {
    expect(readFileSync(`${root}docs/configuration-reference.md`, 'utf8')).toBe(configurationPage(blocks));
  });

  it('says of every key what it is, and gives an example', () => {
    expect(keys.length).toBeGreaterThan(100);
    for (const { path, meaning, type } of keys) {
      expect(meaning, path).not.toBe('');
      expect(type, path).not.toBe('anything');
    }
    const paths = new Set(keys.map(({ path }) => path));
    expect(Object.keys(EXAMPLES).filter((path) => !paths.has(path))).toEqual([]);
  });

  it.each(keys)('$path: the example is read, and acts', (key) => {
    const text = fileWith(key);
    const env = { ANTHROPIC_API_KEY: 'k', KEY_A: 'a', KEY_B: 'b' };
    const { entries } = parseConfiguration(text, { file: 'router-config.yml', env });
    if (key.path !== '$schema') expect(entries.length, text).toBeGreaterThan(0);
  });

  it('names every other place where a setting may be written', () => {
    const also = keys.flatMap((key) => key.also);
    expect(also).toEqual(
      expect.arrayContaining(['router.strategy', 'cost_tracking.budget_daily', 'performance.cache_ttl']),
    );
    for (const { path, also: others } of keys) {
      for (const other of others.filter((one) => !one.includes('[]') && !one.includes('<'))) {
        const nested = (value: unknown) => other.split('.').reduceRight((inner, step) => ({ [step]: inner }), value);
        const [setting] = [...settingsOf(nested('x')), ...settingsOf(nested({ mine: 'x' }))];
        expect(setting?.main.join('.').replace(/\.mine$/, ''), other).toBe(path);
      }
    }
  });
});
