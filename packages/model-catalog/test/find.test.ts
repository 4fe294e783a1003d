import { describe, expect, test } from 'vitest';
import { createModelCatalog } from '../src/index.ts';
import { anthropicSlice, localSlice, model, openaiSlice } from './slices.ts';

const now = () => Date.parse('2026-11-22T12:00:00Z');
const catalog = createModelCatalog(
  { anthropic: anthropicSlice, openai: openaiSlice, local: localSlice },
  {
    now,
    shortNames: {
      anthropic: { opus: 'claude-opus-4-8', haiku: 'claude-haiku-4' },
      openai: { 'gpt-5.5': 'gpt-5-mini', gpt4: 'gpt-5.5' },
    },
  },
);
const found = (name: string, provider?: string) => {
  const resolution = catalog.find(name, provider);
  return resolution && [resolution.facts.id, resolution.send, resolution.kind, resolution.warning];
};

describe('a name', () => {
  test("that is a model's id is that model", () => {
    expect(found('claude-opus-4-8')).toEqual(['claude-opus-4-8', 'claude-opus-4-8', 'exact', undefined]);
  });

  test('that the provider takes too is sent as it was written', () => {
    expect(found('claude-haiku-4-5-20251001')).toEqual([
      'claude-haiku-4-5',
      'claude-haiku-4-5-20251001',
      'alias',
      undefined,
    ]);
  });

  test("that the provider does not take is sent as the model's id", () => {
    expect(found('claude-opus-4.8')).toEqual(['claude-opus-4-8', 'claude-opus-4-8', 'alias', undefined]);
  });

  test('in other letters is still found, and sent as the provider spells it', () => {
    expect(found('Claude-Opus-4-8')).toEqual(['claude-opus-4-8', 'claude-opus-4-8', 'alias', undefined]);
    expect(found('Claude-Haiku-4-5-20251001')?.[1]).toBe('claude-haiku-4-5-20251001');
  });

  test('without the `-latest` under which the model is listed is found', () => {
    expect(found('claude-3-5-haiku')).toEqual([
      'claude-3-5-haiku-latest',
      'claude-3-5-haiku-latest',
      'alias',
      undefined,
    ]);
  });

  test('with space around it is found', () => {
    expect(found(' gpt-5-mini\n')?.[0]).toBe('gpt-5-mini');
  });

  test.each(['', '  ', 'gpt', 'claude', 'anthropic', 'anthropic/', 'constructor', '__proto__', 'openai/claude-opus-5'])(
    'that nothing is known by, as %j, is not found',
    (name) => {
      expect(catalog.find(name)).toBeUndefined();
    },
  );
});

describe('a provider before the name', () => {
  test.each([
    ['anthropic/claude-opus-5', 'claude-opus-5', 'exact'],
    ['Anthropic/Claude-Opus-5', 'claude-opus-5', 'alias'],
    ['anthropic.claude-opus-4.8', 'claude-opus-4-8', 'alias'],
    ['local.codellama:13b', 'codellama:13b', 'exact'],
    ['anthropic.opus', 'claude-opus-4-8', 'short'],
    ['anthropic/opus', 'claude-opus-4-8', 'short'],
    ['anthropic.Opus', 'claude-opus-4-8', 'short'],
    ['local.code', 'codellama:13b', 'short'],
  ])('%s is %s', (name, id, kind) => {
    expect(catalog.find(name)?.facts.id).toBe(id);
    expect(catalog.find(name)?.kind).toBe(kind);
  });

  test('after a dot a short name is meant, after a slash an id', () => {
    expect(catalog.find('openai.gpt-5.5')?.facts.id).toBe('gpt-5-mini');
    expect(catalog.find('openai/gpt-5.5')?.facts.id).toBe('gpt-5.5');
  });

  test('a short name alone needs the provider beside it', () => {
    expect(catalog.find('opus')).toBeUndefined();
    expect(catalog.find('opus', 'anthropic')?.facts.id).toBe('claude-opus-4-8');
  });

  test('a short name for a name that was never served warns like that name', () => {
    expect(found('anthropic.haiku')).toEqual([
      'claude-haiku-4-5',
      'claude-haiku-4-5',
      'assumed',
      'haiku was never served under that name: sending claude-haiku-4-5',
    ]);
  });

  test('a model that two providers have is that of the first, unless one is named', () => {
    expect(catalog.find('shared-model')?.facts.provider).toBe('openai');
    expect(catalog.find('shared-model', 'local')?.facts.provider).toBe('local');
    expect(catalog.find('local/shared-model')?.facts.provider).toBe('local');
  });

  test('models are found under the id that their provider runs under', () => {
    expect(catalog.find('codellama:13b')?.facts.provider).toBe('local');
    expect(catalog.find('ollama/codellama:13b')).toBeUndefined();
  });
});

describe('a model that is no longer served', () => {
  test('is named with its date and the newest of its family that is fully known', () => {
    expect(found('claude-opus-4')).toEqual([
      'claude-opus-4-0',
      'claude-opus-4-0',
      'alias',
      'claude-opus-4 (claude-opus-4-0) is no longer served since 2026-05-14; consider claude-opus-5',
    ]);
    expect(catalog.find('claude-opus-4-20250514')?.send).toBe('claude-opus-4-20250514');
  });

  test('without a date, whose family has a preview that is newer: the final model is advised', () => {
    expect(catalog.find('gpt-4-turbo-preview')).toMatchObject({
      send: 'gpt-4-turbo-preview',
      warning: 'gpt-4-turbo-preview (gpt-4-0125-preview) is no longer served; consider gpt-5.5',
    });
  });

  test('is one whose date has come', () => {
    expect(catalog.find('claude-sonnet-5')?.warning).toBe(
      'claude-sonnet-5 is deprecated and served until 2027-06-30 only',
    );
    const later = createModelCatalog({ anthropic: anthropicSlice }, { now: () => Date.parse('2027-06-30') });
    expect(later.find('claude-sonnet-5')?.warning).toBe('claude-sonnet-5 is no longer served since 2027-06-30');
  });

  test('may have no successor', () => {
    const [opus] = anthropicSlice.models.filter((one) => one.id === 'claude-opus-5');
    expect(opus && catalog.successor(opus)).toBeUndefined();
  });
});

describe('a name that was never served', () => {
  test('is sent as the nearest that is', () => {
    expect(found('claude-haiku-4')).toEqual([
      'claude-haiku-4-5',
      'claude-haiku-4-5',
      'assumed',
      'claude-haiku-4 was never served under that name: sending claude-haiku-4-5',
    ]);
  });

  test('with a date is too', () => {
    expect(found('claude-haiku-4-20991231')?.[1]).toBe('claude-haiku-4-5');
  });
});

describe('a dated id that is newer than the catalogue', () => {
  test('is sent as it stands, with the facts of its model', () => {
    expect(found('claude-sonnet-4-5-20991231')).toEqual([
      'claude-sonnet-4-5',
      'claude-sonnet-4-5-20991231',
      'assumed',
      'claude-sonnet-4-5-20991231 is not in the catalogue: limits and prices of claude-sonnet-4-5 are assumed',
    ]);
    expect(found('openai/gpt-5-mini-2099-12-31')?.slice(0, 2)).toEqual(['gpt-5-mini', 'gpt-5-mini-2099-12-31']);
  });

  test('finds a model that is listed under its moving name', () => {
    expect(found('claude-3-5-haiku-20241022')?.slice(0, 3)).toEqual([
      'claude-3-5-haiku-latest',
      'claude-3-5-haiku-20241022',
      'assumed',
    ]);
  });

  test('of no known model is not found', () => {
    expect(catalog.find('claude-nobody-1-20991231')).toBeUndefined();
  });
});

describe('models that a user adds', () => {
  const own = model('acme', 'acme-1', { aliases: ['acme-one'] });

  test('are found, with their short names, and the first catalogue stays as it is', () => {
    const more = catalog.withModels([own], { acme: { one: 'acme-1' }, anthropic: { big: 'claude-opus-5' } });
    expect(more.find('acme-one')?.facts).toEqual(own);
    expect(more.find('acme.one')?.facts).toEqual(own);
    expect(more.find('anthropic.big')?.facts.id).toBe('claude-opus-5');
    expect(more.find('anthropic.opus')?.facts.id).toBe('claude-opus-4-8');
    expect(catalog.find('acme-1')).toBeUndefined();
  });

  test('replace the one of the same id', () => {
    const cheaper = model('openai', 'gpt-5.5', { prices: [{ input: 1, output: 1 }] });
    const more = catalog.withModels([cheaper]);
    expect(more.find('gpt-5.5')?.facts.prices).toEqual(cheaper.prices);
    expect(more.list()).toHaveLength(catalog.list().length);
  });
});
