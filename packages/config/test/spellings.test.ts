import { describe, expect, test } from 'vitest';
import { configurationJsonSchema } from '../src/index.ts';
import { linesOf, parse } from './parse.ts';

describe('one thing said in several ways', () => {
  const same: readonly (readonly [string, string, string])[] = [
    ['a budget', 'budget: {daily: 50}', 'routing: {budget: {daily: "$50.00"}}'],
    ['a daily budget', 'budget: {daily: 50}', 'router: {cost_tracking: {budget_daily: 50.00}}'],
    ['a share', 'cost_tracking: {alert_threshold: 80}', 'router: {cost_tracking: {alert_threshold: 0.80}}'],
    ['a percentage', 'cost_tracking: {alert_threshold: 80%}', 'cost_tracking: {alert_threshold: "0.8"}'],
    ['a strategy', 'router: {strategy: intelligent}', 'routing: {strategy: best-for-task}'],
    ['a time', 'retry: {timeout: 90}', 'router: {retry: {timeout: 1m30s}}'],
    ['a time to live', 'caching: {ttl: 1h}', 'performance: {cache_ttl: 3600}'],
    ['a size', 'caching: {max_size: 1.5 MB}', 'caching: {max_size: 1500000}'],
    ['caching', 'caching: {enabled: true}', 'routing: {performance: {cache_responses: true}}'],
    ['parallel requests', 'performance: {parallel_requests: 5}', 'routing: {optimization: {parallel_requests: 5}}'],
    ['a preference', 'routing: {prefer_faster: true}', 'routing: {optimization: {prefer_faster: true}}'],
    ['a chain', 'fallback: {chain: [a.b, c.d]}', 'fallback: {chain: [{primary: a.b}, {secondary: c.d}]}'],
    ['models', 'providers: {local: {models: [m]}}', 'providers: {local: {models: {m: {name: m}}}}'],
    ['a short name', 'providers: {local: {models: {s: m}}}', 'providers: {local: {models: {s: {name: m}}}}'],
    ['a rate', 'providers: {local: {rate_limit: 60/minute}}', 'providers: {local: {rate_limit: 60 per min}}'],
    [
      'a rule',
      'routing: {rules: [{pattern: x, model: m, fallback: n}]}',
      'routing: {rules: [{pattern: x, prefer: m, fallback: [n]}]}',
    ],
  ];
  test.each(same)('%s', (_, one, other) => {
    expect(JSON.stringify(parse(other).configuration)).toBe(JSON.stringify(parse(one).configuration));
  });

  test('said twice and alike is no mistake', () => {
    const { configuration } = parse('router: {strategy: intelligent}\nrouting: {strategy: best_for_task}');
    expect(configuration.routing.strategy).toBe('best_for_task');
  });

  test('said twice and differently is an error that names both places', () => {
    expect(linesOf('routing:\n  strategy: manual\nrouter:\n  strategy: fallback_chain\n')).toEqual([
      'router-config.yml:4:13 router.strategy: disagrees (it says "fallback_chain") with "routing.strategy" at ' +
        'router-config.yml:2:13, which says "manual"; they mean the same, keep one.',
    ]);
    expect(linesOf('budget: {daily: 5}\nrouting: {budget: {daily: 6}}')[0]).toContain(
      '"budget.daily" at router-config.yml:1:17, which says 5',
    );
  });

  test('aliases and merge keys of YAML work', () => {
    const { configuration } = parse('quality_mode: &m {model: a, top_p: 0.9}\nspeed_mode: {<<: *m, model: b}\n');
    expect(configuration.modes.speed).toEqual({ model: 'b', topP: 0.9 });
  });
});

describe('what is not said', () => {
  test.each(['', '# nothing\n', 'router:\n', '{}'])('%j gives the defaults', (text) => {
    const { configuration, sourceOf } = parse(text);
    expect(configuration).toMatchObject({
      enabled: true,
      providers: {},
      providersConfigured: false,
      routing: { strategy: 'best_for_task', applyTo: 'auto', fallbackOrder: [], rules: [], chains: {} },
      fallback: { enabled: true, chain: [] },
      streaming: { enabled: true },
      caching: { enabled: false },
      strict: false,
    });
    expect(sourceOf('routing.strategy')).toBe('default');
  });

  test('a provider by its name alone is configured, with all its models', () => {
    const { configuration, sourceOf } = parse('providers:\n  local:\n');
    expect(configuration.providersConfigured).toBe(true);
    expect(configuration.providers.local).toEqual({
      id: 'local',
      models: {},
      modelsListed: false,
      definedIn: 'router-config.yml',
    });
    expect(sourceOf('providers.local')).toBe('router-config.yml:2:3');
  });
});

describe('a provider that stands at the top of the file', () => {
  const parseNamed = (text: string) =>
    parse(text, { providerNames: ['openai', 'local'], providerTypes: ['openai-compatible'] });

  test('is one beside other sections and beside `providers`, and its values tell their own place', () => {
    const { configuration, sourceOf } = parseNamed(
      'openai:\n  api_key: k\n  default: gpt4\n  models: { gpt4: gpt-4-turbo }\nmine: { endpoint: "http://127.0.0.1:1", type: openai-compatible }\nlocal:\nproviders: { theirs: { endpoint: "http://127.0.0.1:2", type: openai-compatible } }\nrouting: { strategy: cost_optimized }\n',
    );
    expect(Object.keys(configuration.providers).toSorted()).toEqual(['local', 'mine', 'openai', 'theirs']);
    expect(configuration.providers.openai).toMatchObject({ apiKey: 'k', default: 'gpt4' });
    expect(configuration.routing.strategy).toBe('cost_optimized');
    expect(sourceOf('providers.openai.default')).toBe('router-config.yml:3:12');
    expect(sourceOf('providers.theirs.endpoint')).toBe('router-config.yml:7:34');
  });

  test('is told of by its path in the file where something in it is wrong', () => {
    expect(linesOf('openai: { api_kee: k, endpoint: "http://127.0.0.1" }\nstrict: true\n')).toEqual([
      'router-config.yml:1:11 openai.api_kee: unknown key. Did you mean "api_key"?',
    ]);
  });

  test('stands in one place only', () => {
    expect(linesOf('a: { api_key: k }\nproviders: { a: { api_key: j } }\n')).toEqual([
      'router-config.yml:1:1 a: stands at the top and under "providers" as well; keep one.',
    ]);
  });

  test('is none where a section is mistyped: what other sections have as well says nothing', () => {
    expect(linesOf('rety: { timeout: 30s }\nstrict: true\n')).toEqual([
      'router-config.yml:1:1 rety: unknown key. Did you mean "retry"?',
    ]);
  });
});

test('names that JavaScript objects have by nature are names like others', () => {
  const { configuration } = parse(
    'providers: {constructor: {endpoint: "http://127.0.0.1"}}\nrouting: {chains: {toString: [a]}}',
  );
  expect(Object.keys(configuration.providers)).toEqual(['constructor']);
  expect(configuration.routing.chains).toEqual({ toString: ['a'] });
  expect(linesOf('strict: true\n__proto__: {x: 1}')[0]).toContain('__proto__: not a name for a key');
});

describe('warnings', () => {
  test('what acts brings no warning', () => {
    const text = `
performance:
  parallel_requests: 3
router: {enabled: true, default_model: x, retry: {timeout: 30s}, cost_tracking: {enabled: false}}
monitoring: {enabled: false}
routing: {strategy: fallback_chain, fallback_order: [local], chains: {main: [local.m]}, apply_to: all, background: off}
models: {"claude-*": best_for_task, quick: {chain: [local.m]}}
fallback: {enabled: true, chain: [local.m]}
gateway: {count_tokens: exact, cors_origins: ["https://a.example"]}
streaming: {enabled: false}
data_policy: local_only
providers:
  local: {endpoint: "http://localhost:1", default: m, timeout: 5s, headers: {x-org: a}, models: {m: {name: m, max_tokens: 9}}}
`;
    expect(parse(text).warnings).toEqual([]);
  });
});

test('what a name of a model means is a strategy, a model, or a chain', () => {
  const text =
    'models: { "claude-*": intelligent, "gpt-*": local.m, quick: { chain: [a, b] }, q: { strategy: best-for-task } }';
  expect(parse(text).configuration.models).toEqual({
    'claude-*': { strategy: 'best_for_task' },
    'gpt-*': { chain: ['local.m'] },
    quick: { chain: ['a', 'b'] },
    q: { strategy: 'best_for_task' },
  });
});

test('every key that the JSON Schema knows goes somewhere', () => {
  // One value for each kind of setting; what the parser drops would be missing in its entries.
  const samples = (path: readonly string[]): Readonly<Record<string, unknown>> => ({
    issuer: 'i', audience: 'a', jwks: 'https://a.example', clock_tolerance: '5s', user: 'u', tenant: 't', tags: 't', rpm: 'r',
    ...(path[1] === 'jwt' ? { budget_daily: 'b', budget_monthly: 'b', models: 'm' } : {}),
    module: 'guard.js', redact: ['email'], redact_in: ['request'], patterns: { a: 'b' }, on_failure: 'pass', hold_back: 9,
    keep: '5d', store: true, retention: '5d', enabled: true, strategy: 'manual', timeout: '5s', ttl: '5s', cache_ttl: '5s', max_latency: '5s',
    backoff: 'linear', ...(path[1] === 'jwt' ? {} : { models: ['m'] }), rate_limit: '5/s', headers: { a: 'b' }, options: { a: 1 },
    endpoint: 'http://localhost', rules: [{ default: 'm' }], apply_to: 'all', background: 'm', credentials: 'caller', count_tokens: 'exact', cors_origins: ['https://a.example'], data_policy: 'local_only',
    alerts: [{ threshold: 0.5, action: 'notify' }], chain: ['m'],
    storage: 'disk', file: 'f', fallback_order: ['p'], providers: ['p'], speed_priority: ['m'], strict: true, mode: 'quality',
    webhook: 'http://localhost', command: ['c'], time_zone: 'UTC', unknown_price: 'allow', hard: true,
    preferences: { any: { a: 1 } }, quality: path[1] === 'weights' ? 1 : { m: 0.5 },
    api_key: 'k', api_keys: ['k'], package: 'p', type: 'openai', default: '5', model: 'm', default_model: 'm',
  }); // biome-ignore format: a table
  type Schema = {
    properties?: Record<string, Schema>;
    additionalProperties?: Schema | false;
    type?: string;
    anyOf?: Schema[];
  };
  const paths: string[][] = [];
  function visit(schema: Schema, path: string[]): void {
    const known = Object.entries(schema.properties ?? {});
    for (const [key, child] of known) visit(child, [...path, key]);
    if (known.length > 0) return;
    const inner = schema.additionalProperties;
    const whole = ['headers', 'options', 'preferences', 'quality', 'patterns'].includes(path.at(-1) ?? '');
    const named = typeof inner === 'object' && !whole;
    if (named) visit(inner, [...path, 'name']);
    else if (path[0] !== '$schema') paths.push(path);
  }
  visit(configurationJsonSchema() as Schema, []);
  expect(paths.length).toBeGreaterThan(60);
  for (const path of paths) {
    const last = path.at(-1) ?? '';
    const flag = /^(prefer_|track|cache_responses|keep_alive|keep_warm|outcomes|features|auto_detect)/.test(last);
    const value =
      path[1] === 'chains' ? ['m'] : path[0] === 'models' ? 'm' : (samples(path)[last] ?? (flag ? true : 1));
    const mode = path[0]?.endsWith('_mode') && last !== 'model' ? { model: 'm' } : {};
    let tree: Record<string, unknown> = { ...mode, [last]: value };
    const tokens = { issuer: 'i', audience: 'a', jwks: 'https://a.example' };
    for (const segment of path.slice(0, -1).reverse()) {
      tree = { [segment]: segment === 'jwt' ? { ...tokens, ...tree } : tree };
    }
    const { entries } = parse(JSON.stringify(path.length === 1 ? { [last]: value } : tree));
    expect(entries.map((entry) => entry.written.join('.'))).toContain(path.join('.'));
  }
});
