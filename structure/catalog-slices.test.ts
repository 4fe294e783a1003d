import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type CatalogSlice, type PricePeriod, RATE_KINDS, type Rates } from '../packages/core/src/index.ts';
import { createModelCatalog } from '../packages/model-catalog/src/index.ts';
import { readSource } from '../scripts/catalog/read-source.ts';
import { sliceOf } from '../scripts/catalog/slice.ts';
import { sliceText } from '../scripts/catalog/slice-text.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const script = join(root, 'scripts/catalog-refresh.ts');
const { SIGNALBOX_SHARED: shared = join(root, '../shared') } = process.env;
const sharedFile = join(shared, 'catalog/catalog.json');
// One slice a package, or one for each vendor of a package for several.
const slicePaths = new Map(
  globSync(['packages/provider-*/src/catalog.json', 'packages/provider-*/src/catalog/*.json'], { cwd: root })
    .sort()
    .map((path) => [
      /provider-([^/]+)\/src\/catalog\.json$/.exec(path)?.[1] ?? basename(path, '.json'),
      join(root, path),
    ]),
);
const slicePath = (provider: string) => slicePaths.get(provider) ?? '';
const providers = [...slicePaths.keys()];
const slices = Object.fromEntries(
  providers.map((provider) => [provider, JSON.parse(readFileSync(slicePath(provider), 'utf8')) as CatalogSlice]),
);

const groupsOf = (period: PricePeriod): readonly Rates[] =>
  [period, period.batch, period.flex, period.priority, ...(period.tiers ?? [])].filter((one) => one !== undefined);

test('the four providers have a slice, and so have the vendors among the presets', () => {
  expect(providers).toEqual(expect.arrayContaining(['anthropic', 'google', 'ollama', 'openai']));
  expect(providers).toEqual(expect.arrayContaining(['mistral', 'groq', 'deepseek', 'xai', 'together', 'cerebras']));
  expect(providers).toEqual(expect.arrayContaining(['perplexity', 'moonshot', 'qwen', 'zai']));
});

describe.each(Object.entries(slices))('the slice of %s', (provider, slice) => {
  test('has whole, safe rates of zero or more', () => {
    for (const facts of slice.models) {
      expect(facts.prices.length, facts.id).toBeGreaterThan(0);
      for (const rates of facts.prices.flatMap(groupsOf)) {
        for (const rate of RATE_KINDS.map((kind) => rates[kind]).filter((one) => one !== undefined)) {
          expect(Number.isSafeInteger(rate) && rate >= 0, `${facts.id}: ${rate}`).toBe(true);
        }
      }
    }
  });

  test('names its provider, each id once, and only sources and targets that it has', () => {
    const ids = slice.models.map((facts) => facts.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...ids].sort());
    for (const { provider: owner, sources } of slice.models) {
      const { filled = {}, ...groups } = sources ?? {};
      expect(owner).toBe(provider);
      for (const key of [...Object.values(groups), ...Object.values(filled)]) expect(slice.sources).toHaveProperty(key);
    }
    for (const alias of Object.values(slice.aliases)) expect(ids).toContain(alias.target);
  });
});

describe('the names that configurations use', () => {
  const catalog = createModelCatalog(slices, { now: () => Date.parse('2026-11-22') });

  test.each([
    ['claude-opus-4', 'anthropic/claude-opus-4-0', 'claude-opus-4-0'],
    ['claude-opus-4-20250514', 'anthropic/claude-opus-4-0', 'claude-opus-4-20250514'],
    ['claude-sonnet-4', 'anthropic/claude-sonnet-4-0', 'claude-sonnet-4-0'],
    ['claude-sonnet-4-20250514', 'anthropic/claude-sonnet-4-0', 'claude-sonnet-4-20250514'],
    ['claude-haiku-4', 'anthropic/claude-haiku-4-5', 'claude-haiku-4-5'],
    ['claude-haiku-4-20250514', 'anthropic/claude-haiku-4-5', 'claude-haiku-4-5'],
    ['claude-sonnet-4-5-20991231', 'anthropic/claude-sonnet-4-5', 'claude-sonnet-4-5-20991231'],
    ['gpt-4-turbo', 'openai/gpt-4-turbo', 'gpt-4-turbo'],
    ['gpt-4-turbo-preview', 'openai/gpt-4-0125-preview', 'gpt-4-turbo-preview'],
    ['gpt-4', 'openai/gpt-4', 'gpt-4'],
    ['gpt-3.5-turbo', 'openai/gpt-3.5-turbo', 'gpt-3.5-turbo'],
    ['gemini-pro', 'google/gemini-pro', 'gemini-pro'],
    ['gemini-ultra', 'google/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['codellama:13b', 'ollama/codellama:13b', 'codellama:13b'],
    ['mistral:7b', 'ollama/mistral:7b', 'mistral:7b'],
  ])('%s is %s, sent as %s', (name, model, send) => {
    const found = catalog.find(name);
    expect(`${found?.facts.provider}/${found?.facts.id}`).toBe(model);
    expect(found?.send).toBe(send);
  });

  test.each([
    ['claude-opus-4', 'claude-opus-4 (claude-opus-4-0) is no longer served since 2026-05-14; consider claude-opus-5'],
    [
      'claude-sonnet-4',
      'claude-sonnet-4 (claude-sonnet-4-0) is no longer served since 2026-05-14; consider claude-sonnet-5',
    ],
    ['claude-haiku-4', 'claude-haiku-4 was never served under that name: sending claude-haiku-4-5'],
    ['gemini-ultra', 'gemini-ultra was never served under that name: sending gemini-2.5-pro'],
    ['gemini-pro', 'gemini-pro is no longer served; consider gemini-2.5-pro'],
    ['gpt-4', undefined],
    ['codellama:13b', undefined],
  ])('%s warns: %s', (name, warning) => {
    expect(catalog.find(name)?.warning).toBe(warning);
  });
});

const smallSource = {
  schemaVersion: 1,
  generated: '2026-11-22',
  currency: 'USD',
  unit: 'per 1,000,000 tokens',
  sources: {
    lists: { name: 'price lists', date: '2026-11-01', licence: 'MIT' },
    unused: { name: 'x', date: '2026-11-01' },
  },
  providerRules: { acme: { batchMultiplier: 0.5 } },
  seedAliases: { 'acme-old': { target: 'acme/acme-1', kind: 'assumed', note: 'a guess; a remark' } },
  models: [
    {
      id: 'acme-1',
      provider: 'acme',
      type: 'chat',
      name: 'Acme 1',
      status: 'active',
      deprecates: '2026-01-01',
      aliases: ['acme-1-20260101', 'acme.1'],
      prices: [
        {
          input: 0.003625,
          output: 1e-7,
          webSearchPer1k: 10,
          timeOfDayUTC: { from: '01:00:00Z', to: '04:00:00Z' },
          tiers: [{ aboveInputTokens: 272_000, input: 0.00725 }],
        },
      ],
      sources: { prices: 'lists', limits: null },
    },
  ],
};

describe('catalog-refresh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-catalog-'));
  mkdirSync(join(folder, 'provider-acme/src'), { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = join(folder, 'provider-acme/src/catalog.json');
  const source = join(folder, 'source.json');
  const refresh = (contents: unknown, ...words: string[]) => {
    writeFileSync(source, typeof contents === 'string' ? contents : JSON.stringify(contents));
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, source, '--out', folder, ...words], {
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const withModel = (change: object) => ({ ...smallSource, models: [{ ...smallSource.models[0], ...change }] });

  test('a dry run writes nothing and says what would change', () => {
    const { status, stdout } = refresh(smallSource, '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('1 added');
    expect(existsSync(written)).toBe(false);
  });

  test('writes whole nano-dollars, hours, the documented discount, and which names the provider takes', () => {
    expect(refresh(smallSource)).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(readFileSync(written, 'utf8'))).toEqual({
      generated: '2026-11-22',
      sources: {
        curated: { name: "by hand, from the providers' public documentation", date: '2026-11-22' },
        lists: { name: 'price lists', date: '2026-11-01', licence: 'MIT' },
      },
      models: [
        {
          id: 'acme-1',
          provider: 'acme',
          name: 'Acme 1',
          type: 'chat',
          aliases: ['acme-1-20260101'],
          status: 'active',
          capabilities: {},
          prices: [
            {
              hoursUtc: { from: '01:00', to: '04:00' },
              input: 3_625_000,
              output: 100,
              webSearch: 10_000_000_000_000,
              tiers: [{ aboveInputTokens: 272_000, input: 7_250_000 }],
              batch: { input: 1_812_500, output: 50 },
            },
          ],
          sources: { prices: 'lists', filled: { batch: 'curated' } },
        },
      ],
      aliases: {
        'acme-old': { target: 'acme-1', kind: 'assumed', note: 'a guess' },
        'acme.1': { target: 'acme-1', kind: 'exact' },
      },
    });
  });

  test('the same input gives the same bytes; a new price and a lost model are named', () => {
    refresh(smallSource);
    const before = readFileSync(written, 'utf8');
    expect(refresh(smallSource).stdout).toContain('unchanged');
    expect(readFileSync(written, 'utf8')).toBe(before);
    expect(refresh(withModel({ prices: [{ input: 1, output: 2 }] })).stdout).toContain('repriced: acme-1');
    const renamed = refresh({ ...withModel({ id: 'acme-2' }), seedAliases: {} });
    expect(renamed.stdout).toContain('added: acme-2');
    expect(renamed.stdout).toContain('removed: acme-1');
  });

  test.each<[string, unknown, string]>([
    ['no JSON', '{', 'the file is not JSON'],
    ['a negative price', withModel({ prices: [{ input: -1 }] }), '.prices[0].input: expected dollars of zero or more'],
    ['a price that is no number', withModel({ prices: [{ input: 'NaN' }] }), 'found "NaN"'],
    ['a digit too many', withModel({ prices: [{ input: 0.0000000001 }] }), 'at most nine decimals, found 1e-10'],
    ['unknown fields', withModel({ colour: 1, prices: [{ inputs: 1 }] }), '(acme/acme-1): unknown field colour'],
    ['an unknown rate', withModel({ prices: [{ inputs: 1 }] }), '.prices[0]: unknown field inputs'],
    ['a source that is not listed', withModel({ sources: { prices: 'rumour' } }), 'names the source "rumour"'],
    ['an alias of nothing', { ...withModel({ id: 'acme-2' }) }, 'seedAliases.acme-old: there is no model acme/acme-1'],
    ['another unit', { ...smallSource, unit: 'per token' }, 'unit: expected "per 1,000,000 tokens", found "per token"'],
  ])('%s is refused, and nothing is written', (_what, contents, message) => {
    refresh(smallSource);
    const before = readFileSync(written, 'utf8');
    const { status, stdout, stderr } = refresh(contents);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(readFileSync(written, 'utf8')).toBe(before);
  });

  test('a package with a folder of slices gets one for each vendor that has a file there', () => {
    const slicesOfMany = join(folder, 'provider-many/src/catalog');
    mkdirSync(slicesOfMany, { recursive: true });
    writeFileSync(join(slicesOfMany, 'acme.json'), '');
    writeFileSync(join(slicesOfMany, 'stranger.json'), '');
    expect(refresh(smallSource)).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(slicesOfMany, 'acme.json'), 'utf8')).toBe(readFileSync(written, 'utf8'));
    expect(readFileSync(join(slicesOfMany, 'stranger.json'), 'utf8')).toBe('');
    rmSync(join(folder, 'provider-many'), { recursive: true });
  });

  test('says how it is used', () => {
    const help = spawnSync(process.execPath, [script, '--help'], { encoding: 'utf8' });
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('usage: npm run catalog:refresh -- FILE');
    for (const words of [[], ['a', 'b'], ['--colour'], ['missing.json']]) {
      const { status, stderr } = spawnSync(process.execPath, [script, ...words], { encoding: 'utf8' });
      expect(status).toBe(words[0] === 'missing.json' ? 1 : 2);
      expect(stderr).toMatch(/^catalog-refresh: /);
    }
  });
});

const hasShared = existsSync(sharedFile);
if (!hasShared) console.info(`skipped: the slices are not compared with their source, which is not at ${sharedFile}`);

describe.skipIf(!hasShared)('the committed slices', () => {
  test.each(providers)('of %s are what the script makes of the catalogue', (provider) => {
    const read = readSource(readFileSync(sharedFile, 'utf8'));
    if ('problems' in read) expect.unreachable(read.problems.join('\n'));
    else {
      const slice = sliceOf(read.catalog, provider);
      // A provider that the catalogue knows nothing of keeps what was written by hand.
      if (slice.models.length > 0) expect(sliceText(slice)).toBe(readFileSync(slicePath(provider), 'utf8'));
    }
  });

  test('hold every price of it to the last digit', () => {
    const source = JSON.parse(readFileSync(sharedFile, 'utf8')) as {
      models: { id: string; provider: string; prices: Record<string, number>[] }[];
    };
    let compared = 0;
    for (const { id, provider, prices } of source.models.filter((one) => one.provider in slices)) {
      const facts = slices[provider]?.models.find((one) => one.id === id);
      for (const [index, period] of prices.entries()) {
        for (const kind of RATE_KINDS.filter((one) => period[one] !== undefined)) {
          // Text with a decimal point, shifted by nine places, without any arithmetic in between.
          const [whole = '', fraction = ''] = Number(period[kind]).toFixed(9).split('.');
          expect(BigInt(facts?.prices[index]?.[kind] ?? -1), `${id} ${kind}`).toBe(BigInt(whole + fraction));
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(300);
  });
});
