import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configurationJsonSchema, parseConfiguration } from '../src/index.ts';
import { parse } from './parse.ts';

const FOLDER = join(import.meta.dirname, 'seed-blocks');
const BLOCKS = readdirSync(FOLDER).sort();
const OPTIONS = {
  env: { ANTHROPIC_API_KEY: 'key-a', OPENAI_API_KEY: 'key-o', GOOGLE_API_KEY: 'key-g' },
  providerNames: ['anthropic', 'openai', 'google', 'local'],
};

/** A block that is a shell example in a fence of YAML: its command line is no configuration. */
const WITH_COMMAND_LINE = '17-parallel-requests.yml.txt';

function read(name: string): string {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  if (name !== WITH_COMMAND_LINE) return text;
  return text
    .split('\n')
    .filter((line) => !line.startsWith('claude-code '))
    .join('\n');
}

function load(number: string) {
  const name = BLOCKS.find((one) => one.startsWith(number)) ?? '';
  return parseConfiguration(read(name), { file: name.replace('.txt', ''), ...OPTIONS });
}

const shared = process.env.SIGNALBOX_SHARED ?? join(import.meta.dirname, '../../../../shared');
const specification = join(shared, 'SEED.md');
if (!existsSync(specification)) console.warn(`skipped: comparison with the specification, which is not at ${shared}`);

describe('the blocks of the specification', () => {
  test('are all here', () => {
    expect(BLOCKS).toHaveLength(24);
  });

  test.skipIf(!existsSync(specification))('are verbatim', () => {
    const fences = readFileSync(specification, 'utf8').matchAll(/^```(yaml|json)\n(.*?)^```$/gms);
    expect([...fences].map((fence) => fence[2])).toEqual(
      BLOCKS.map((name) => readFileSync(join(FOLDER, name), 'utf8')),
    );
  });

  test.each(BLOCKS)('%s loads as it is written', (name) => {
    expect(() => parseConfiguration(read(name), { file: name.replace('.txt', ''), ...OPTIONS })).not.toThrow();
  });

  test.each(BLOCKS)('%s satisfies the JSON Schema', (name) => {
    const schema = z.fromJSONSchema(configurationJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
    const { entries } = parseConfiguration(read(name), { file: name.replace('.txt', ''), ...OPTIONS });
    const written: Record<string, unknown> = {};
    for (const entry of entries) {
      const last = entry.written.at(-1) ?? '';
      if (entry.goal.at(-1) === 'id') continue;
      let here = written;
      for (const segment of entry.written.slice(0, -1)) {
        here[segment] ??= {};
        here = here[segment] as Record<string, unknown>;
      }
      here[last] = entry.raw;
    }
    expect(schema.safeParse(written).error?.issues).toBeUndefined();
  });

  test('a block of provider names is a providers block', () => {
    const { configuration, warnings } = load('01');
    expect(configuration.providers.anthropic).toMatchObject({
      id: 'anthropic',
      apiKey: 'sk-ant-...',
      default: 'sonnet',
      models: { opus: { name: 'claude-opus-4-20250514' } },
      modelsListed: true,
    });
    expect(warnings).toEqual([
      '01-anthropic.json:3:16 anthropic.api_key: the key is a placeholder; write ${ANTHROPIC_API_KEY} or a key.',
    ]);
    expect(load('04').configuration.providers.local).toMatchObject({
      endpoint: 'http://localhost:11434',
      models: { codellama: { name: 'codellama:13b' }, mistral: { name: 'mistral:7b' } },
    });
  });

  test('the basic configuration', () => {
    const { configuration, warnings } = load('05');
    expect(warnings).toEqual([]);
    expect(Object.keys(configuration.providers)).toEqual(['anthropic', 'openai', 'google']);
    expect(configuration.providers.anthropic).toMatchObject({
      apiKey: 'key-a',
      apiKeyVariable: 'ANTHROPIC_API_KEY',
      models: { 'claude-sonnet-4': { name: 'claude-sonnet-4' }, 'claude-haiku-4': { name: 'claude-haiku-4' } },
    });
    expect(configuration.routing).toMatchObject({
      strategy: 'best_for_task',
      fallbackOrder: ['anthropic', 'openai', 'google'],
    });
  });

  test('the advanced configuration', () => {
    const { configuration } = load('06');
    expect(configuration.providers.anthropic).toMatchObject({
      timeoutMs: 60_000,
      rateLimit: { requests: 50, perMs: 60_000 },
      models: {
        haiku: {
          name: 'claude-haiku-4-20250514',
          contextWindow: 200_000,
          ratesPer1k: { input: 0.00025, output: 0.00125 },
        },
      },
    });
    expect(configuration).toMatchObject({
      budget: { daily: 50_000_000_000, alerts: [{ threshold: 0.8, action: 'notify' }] },
      retry: { maxAttempts: 3, backoff: 'exponential', timeoutMs: 30_000 },
      performance: { parallelRequests: 3 },
      caching: { enabled: true, ttlMs: 3_600_000 },
      routing: {
        strategy: 'best_for_task',
        costOptimization: {
          enabled: true,
          maxCostPerRequest: 500_000_000,
          preferCheaperWhenQualityAcceptable: true,
        },
      },
    });
    expect(configuration.routing.rules[0]).toEqual({
      taskType: 'code_generation',
      taskComplexity: undefined,
      pattern: undefined,
      model: 'anthropic.sonnet',
      fallback: ['openai.gpt4'],
      maxDailyUses: undefined,
      isDefault: false,
    });
  });

  test('the strategies', () => {
    expect(load('08').configuration.routing).toMatchObject({
      strategy: 'cost_optimized',
      optimization: { preferCheaper: true, maxCost: 500_000_000, minQualityScore: 0.8 },
    });
    const fast = load('09').configuration;
    expect(fast.routing).toMatchObject({ preferFaster: true, optimization: { maxLatencyMs: 5000 } });
    expect(fast.performance.parallelRequests).toBe(5);
    const { chains } = load('10').configuration.routing;
    expect(Object.entries(chains)[0]).toEqual(['primary', ['anthropic.sonnet', 'openai.gpt4', 'google.gemini-pro']]);
    expect(load('11').configuration.routing.providers).toEqual(['anthropic', 'openai', 'google']);
  });

  test('the custom rules: a bad escape is taken as it stands, with a warning that says how to write it', () => {
    const { configuration, warnings } = load('12');
    expect(configuration.routing.rules[0]).toMatchObject({
      pattern: '.*\\.(js|ts|py|go).*',
      model: 'anthropic.sonnet',
    });
    expect(configuration.routing.rules.at(-1)).toMatchObject({ model: 'anthropic.sonnet', isDefault: true });
    expect(warnings[0]).toBe(
      `12-custom-rules.yml:6:19: "\\." is no escape in a text in double quotes; it was read as it stands. Write the text in single quotes: '...\\....'.`,
    );
  });

  test('the rest', () => {
    expect(load('13').configuration).toMatchObject({
      budget: { daily: 20_000_000_000, perRequest: 100_000_000 },
      routing: { rules: [{ taskComplexity: 'low' }, {}, { maxDailyUses: 10 }] },
    });
    expect(load('14').configuration.autoDetectComplexity).toBe(true);
    expect(load('15').configuration.budget.alerts).toEqual([
      { threshold: 0.5, action: 'notify' },
      { threshold: 0.8, action: 'switch_to_cheaper' },
      { threshold: 0.95, action: 'block_expensive_models' },
    ]);
    expect(load('16').configuration.caching).toEqual({ enabled: true, ttlMs: 3_600_000, semantic: { enabled: false } });
    expect(load('17').configuration.performance).toEqual({ parallelRequests: 5 });
    expect(load('18').configuration.streaming).toEqual({ enabled: true });
    expect(load('19').configuration).toMatchObject({
      routing: { preferFaster: true },
      speedPriority: ['claude-haiku-4', 'gpt-3.5-turbo', 'claude-sonnet-4'],
    });
    expect(load('20').configuration.throughput).toEqual({
      connectionPool: 10,
      keepAlive: true,
      maxRpm: { anthropic: 50, openai: 60, google: 40 },
    });
    expect(load('21').configuration.modes.quality).toEqual({ model: 'claude-opus-4', temperature: 0.3, topP: 0.9 });
    expect(load('22').configuration).toMatchObject({ enabled: true, defaultModel: 'claude-sonnet-4' });
    expect(load('23').configuration.budget).toMatchObject({
      monthly: 1_000_000_000_000,
      perUser: { enabled: true, default: 10_000_000_000 },
    });
    expect(load('24').configuration.fallback).toEqual({
      enabled: true,
      chain: ['anthropic.sonnet', 'openai.gpt4', 'google.gemini'],
      maxRetries: 3,
    });
  });

  test('load together in one file, where they are about different things', () => {
    const together = ['05', '15', '16', '17', '18', '20', '21', '24'].map((number) =>
      read(BLOCKS.find((one) => one.startsWith(number)) ?? ''),
    );
    const { configuration } = parse(together.join('\n'), OPTIONS);
    expect(configuration.fallback.chain).toHaveLength(3);
    expect(configuration.budget.daily).toBe(50_000_000_000);
    expect(Object.keys(configuration.modes)).toEqual(['quality', 'balanced', 'speed']);
  });
});
