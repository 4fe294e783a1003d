import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RouterError } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ImportedConfiguration, importConfiguration, type KnownProvider } from '../src/index.ts';
import { parse } from './parse.ts';

const known = (name: string, endpoint: string, keyVariable?: string, local = false): KnownProvider => ({
  name,
  endpoint,
  keyVariable,
  local,
});

const PROVIDERS: readonly KnownProvider[] = [
  known('anthropic', 'https://api.anthropic.com', 'ANTHROPIC_API_KEY'),
  known('openai', 'https://api.openai.com', 'OPENAI_API_KEY'),
  known('google', 'https://generativelanguage.googleapis.com', 'GOOGLE_API_KEY'),
  known('local', 'http://localhost:11434', undefined, true),
  known('ollama', 'http://localhost:11434', undefined, true),
  known('deepseek', 'https://api.deepseek.com', 'DEEPSEEK_API_KEY'),
  known('openrouter', 'https://openrouter.ai/api', 'OPENROUTER_API_KEY'),
  known('qwen', 'https://dashscope-intl.aliyuncs.com/compatible-mode', 'DASHSCOPE_API_KEY'),
  known('groq', 'https://api.groq.com/openai', 'GROQ_API_KEY'),
  known('azure', '', 'AZURE_OPENAI_API_KEY'),
  known('openai-compatible', ''),
  known('anthropic-compatible', ''),
  known('gemini-compatible', ''),
];
const NAMES = PROVIDERS.map((one) => one.name);

const convert = (text: string, file = 'config.json') => importConfiguration(text, { file, providers: PROVIDERS });
const example = (name: string) => convert(readFileSync(join(import.meta.dirname, 'import', name), 'utf8'), name);
const settings = ({ text }: ImportedConfiguration) =>
  parse(text, {
    providerNames: NAMES,
    env: Object.fromEntries(
      [...text.matchAll(/\$\{(\w+)\}/g)].map(([, variable]) => [variable, 'https://set.invalid']),
    ),
  }).configuration;
const noteOn = ({ notes }: ImportedConfiguration, key: string) => notes.find((note) => note.key === key);

describe('a configuration of claude-code-router', () => {
  const imported = example('claude-code-router.json.txt');

  it('is recognised, comments and all, and loads', () => {
    expect(imported.from).toBe('claude-code-router');
    expect(Object.keys(settings(imported).providers)).toEqual([
      'openrouter',
      'deepseek',
      'ollama',
      'gemini',
      'volcengine',
      'dashscope',
    ]);
  });

  it('keeps a vendor by its host and any other server by its format', () => {
    const { providers } = settings(imported);
    expect(providers.openrouter).toMatchObject({ apiKeyVariable: 'OPENROUTER_API_KEY' });
    expect(providers.openrouter?.endpoint).toBeUndefined();
    expect(providers.gemini).toMatchObject({ type: 'google' });
    expect(providers.volcengine).toMatchObject({
      type: 'openai-compatible',
      endpoint: 'https://ark.cn-beijing.volces.com/api/v3',
    });
    expect(providers.dashscope).toMatchObject({
      type: 'qwen',
      models: { 'qwen3-coder-plus': { maxOutputTokens: 65_536 } },
    });
  });

  it('turns its scenarios into rules, and says where they are not the same', () => {
    const { routing, defaultModel } = settings(imported);
    expect(defaultModel).toBe('deepseek/deepseek-chat');
    expect(routing).toMatchObject({
      strategy: 'custom_rules',
      applyTo: 'all',
      background: 'ollama/qwen2.5-coder:latest',
      rules: [
        { taskType: 'complex_reasoning', model: 'deepseek/deepseek-reasoner' },
        { isDefault: true, model: 'deepseek/deepseek-chat', fallback: ['openrouter/google/gemini-2.5-pro-preview'] },
      ],
    });
    expect(noteOn(imported, 'Router.think')?.outcome).toBe('changed');
    expect(noteOn(imported, 'Router.longContextThreshold')?.outcome).toBe('left out');
  });

  it('lists each other key with a reason', () => {
    for (const key of ['APIKEY', 'HOST', 'LOG', 'PROXY_URL', 'CUSTOM_ROUTER_PATH', 'transformers', 'Router.webSearch'])
      expect(noteOn(imported, key)).toMatchObject({ outcome: 'left out', reason: expect.stringMatching(/\w/) });
    expect(noteOn(imported, 'Providers[4].transformer.use "my-plugin"')).toBeDefined();
  });

  it('moves keys out of the file', () => {
    expect([...imported.secrets.keys()]).toEqual(['OPENROUTER_API_KEY', 'VOLCENGINE_API_KEY']);
    expect(imported.secrets.get('OPENROUTER_API_KEY')).toBe('sk-or-planted-secret');
    expect(imported.variables).toContain('DEEPSEEK_API_KEY');
    expect(imported.text).not.toMatch(/planted|my-own-gateway-secret/);
    expect(JSON.stringify(imported.notes)).not.toMatch(/planted|my-own-gateway-secret/);
  });
});

describe('a configuration of LiteLLM', () => {
  const imported = example('litellm.yaml.txt');

  it('is recognised, and its deployments become providers with their limits and prices', () => {
    expect(imported.from).toBe('litellm');
    const { providers } = settings(imported);
    expect(Object.keys(providers)).toEqual(['azure', 'openai', 'anthropic', 'google', 'vllm-example', 'groq']);
    expect(providers.azure?.models['gpt-4o-eu']?.rateLimit).toEqual({ requests: 6, perMs: 60_000 });
    expect(providers.openai?.models['gpt-4o']).toMatchObject({
      contextWindow: 128_000,
      ratesPer1k: { input: 0.0025, output: 0.01 },
      tokensPerMinute: 100_000,
      timeoutMs: 300_000,
    });
    expect(providers['vllm-example']).toMatchObject({
      type: 'openai-compatible',
      endpoint: 'http://vllm.example:8000/v1',
    });
    expect(providers.groq?.modelsListed).toBe(false);
  });

  it('makes chains of deployments, fallbacks and aliases', () => {
    expect(settings(imported).models).toEqual({
      'gpt-4o': { chain: ['azure/gpt-4o-eu', 'openai/gpt-4o', 'google/gemini-2.5-pro'] },
      claude: { chain: ['anthropic/claude-sonnet-4-5', 'azure/gpt-4o-eu', 'openai/gpt-4o'] },
      house: { chain: ['vllm-example/qwen3-72b'] },
      'gpt-4': { chain: ['azure/gpt-4o-eu', 'openai/gpt-4o'] },
    });
  });

  it('carries retries, cache and budget', () => {
    expect(settings(imported)).toMatchObject({
      routing: { strategy: 'performance_optimized' },
      retry: { maxAttempts: 3, timeoutMs: 30_000 },
      caching: { enabled: true, ttlMs: 600_000 },
      budget: { monthly: 100_000_000_000 },
    });
  });

  it.each(['none', 'EMPTY', 'sk-no-key-required'])('takes %s for no key', (word) => {
    const { secrets, variables, text } = convert(
      `{"model_list": [{"model_name": "m", "litellm_params": {"model": "openai/m", "api_base": "http://vllm.example:8000/v1", "api_key": "${word}"}}]}`,
    );
    expect([[...secrets], variables]).toEqual([[], []]);
    expect(text).not.toContain('api_key');
  });

  it('lists what there is not', () => {
    for (const key of [
      'model_list[5] "bedrock-claude"',
      'model_list[6] "vectors"',
      'router_settings.redis_host',
      'router_settings.cooldown_time',
      'litellm_settings.success_callback',
      'general_settings.master_key',
      'general_settings.database_url',
    ])
      expect(noteOn(imported, key), key).toBeDefined();
    expect(JSON.stringify([imported.text, imported.notes])).not.toMatch(/planted|none-needed-secret/);
  });
});

describe('a configuration of Portkey', () => {
  it('is recognised, and its fallbacks become a chain, nested ones too', () => {
    const imported = example('portkey.json.txt');
    expect(imported.from).toBe('portkey');
    expect(settings(imported)).toMatchObject({
      routing: {
        strategy: 'fallback_chain',
        chains: { primary: ['openai/gpt-4o', 'anthropic/claude-sonnet-4-5', 'llm-example/any'] },
      },
      retry: { maxAttempts: 4, timeoutMs: 30_000 },
      caching: { enabled: true, ttlMs: 3_600_000 },
    });
    expect(noteOn(imported, 'targets[1].virtual_key')?.reason).toContain('ANTHROPIC_API_KEY');
    expect(noteOn(imported, 'targets[2]')?.outcome).toBe('left out');
    expect(noteOn(imported, 'input_guardrails')?.reason).toContain('docs/hooks.md');
    expect(imported.text).not.toContain('planted');
  });

  it('names the variable for a key that lies at Portkey, however it is referred to', () => {
    const { notes, variables, secrets } = convert(
      '{"targets": [{"provider": "@openai-prod", "override_params": {"model": "gpt-4o"}}, {"provider": "@groq-1", "api_key": "planted"}]}',
    );
    expect(notes.map(({ key, reason }) => [key, reason])).toEqual([
      ['targets[0].provider', expect.stringContaining('put it into OPENAI_API_KEY')],
    ]);
    expect(variables).toEqual(['OPENAI_API_KEY', 'GROQ_API_KEY']);
    expect([...secrets.keys()]).toEqual(['GROQ_API_KEY']);
  });

  it('shares the load by weight', () => {
    const targets = [
      { provider: 'openai', api_key: '$OPENAI_API_KEY', weight: 0.7 },
      { provider: 'anthropic', api_key: '$ANTHROPIC_API_KEY', weight: 0.3 },
    ];
    const { routing } = settings(convert(JSON.stringify({ strategy: { mode: 'loadbalance' }, targets })));
    expect(routing.strategy).toBe('round_robin');
    expect(routing.providers.filter((one) => one === 'openai')).toHaveLength(7);
    expect(routing.providers.filter((one) => one === 'anthropic')).toHaveLength(3);
  });

  it('makes names of conditions on the model, and leaves the rest to a script', () => {
    const imported = convert(`{
      "strategy": {
        "mode": "conditional",
        "conditions": [
          { "query": { "params.model": { "$eq": "smart" } }, "then": "a" },
          { "query": { "metadata.plan": { "$eq": "paid" } }, "then": "a" }
        ],
        "default": "b"
      },
      "targets": [
        { "name": "a", "provider": "anthropic", "virtualKey": "x", "overrideParams": { "model": "claude-sonnet-4-5" } },
        { "name": "b", "provider": "openai", "override_params": { "model": "gpt-4o" } }
      ]
    }`);
    expect(settings(imported)).toMatchObject({
      models: { smart: { chain: ['anthropic/claude-sonnet-4-5'] } },
      routing: { chains: { default: ['openai/gpt-4o'] } },
    });
    expect(noteOn(imported, 'strategy.conditions[1]')?.reason).toContain('router.js');
  });
});

describe('what is no such configuration', () => {
  it.each([
    ['{"a": 1}', /looks like no configuration that can be imported.*--from/],
    ['- a\n- b', /holds no configuration/],
    ['{"model_list": [', /neither JSON nor YAML/],
    [
      '{"model_list": [{"model_name": "x", "litellm_params": {"model": "bedrock/y"}}]}',
      /no provider of LiteLLM .*bedrock/,
    ],
    ['{"Providers": [{}], "Router": {}}', /no provider of claude-code-router/],
  ])('%s is refused in a sentence', (text, sentence) => {
    expect(() => convert(text)).toThrow(sentence);
  });
});

/** Shapes near the real ones, with anything in the places of values. */
const anything = fc.jsonValue({ maxDepth: 2 });
const near = (keys: readonly string[]) => fc.dictionary(fc.constantFrom(...keys), anything, { maxKeys: 6 });
const name = fc.oneof(fc.constantFrom('openai', 'deepseek', 'a b/c', '__proto__', '${X}', ''), fc.string());
const foreign = fc.oneof(
  fc.record({
    Providers: fc.array(
      fc.record({ name, api_base_url: fc.webUrl(), api_key: fc.constant('planted-key'), models: fc.array(name) }),
    ),
    Router: fc.dictionary(fc.constantFrom('default', 'think', 'background'), anything),
  }),
  fc.record({
    model_list: fc.array(
      fc.record({
        model_name: name,
        litellm_params: fc.record({
          model: fc.constantFrom('openai/x', 'groq/*', 'anthropic/y'),
          api_key: fc.constant('planted-key'),
          rpm: anything,
          api_base: fc.oneof(fc.webUrl(), anything),
        }),
      }),
    ),
    router_settings: near(['fallbacks', 'num_retries', 'timeout', 'routing_strategy']),
    litellm_settings: near(['cache', 'cache_params', 'max_budget', 'request_timeout', 'budget_duration']),
  }),
  fc.record({
    strategy: near(['mode', 'conditions', 'default', 'on_status_codes']),
    targets: fc.array(
      fc.record({
        provider: fc.constantFrom('openai', 'x'),
        custom_host: anything,
        weight: anything,
        retry: anything,
        api_key: fc.constant('planted-key'),
      }),
    ),
  }),
);

it('whatever a file says, the result loads and holds no key, or the refusal is a sentence', () => {
  fc.assert(
    fc.property(foreign, (file) => {
      let imported: ImportedConfiguration;
      try {
        imported = convert(JSON.stringify(file));
      } catch (error) {
        if (!RouterError.is(error) || error.kind !== 'usage') throw error;
        return;
      }
      settings(imported);
      expect(imported.text).not.toContain('planted-key');
    }),
    { numRuns: 200 },
  );
});
