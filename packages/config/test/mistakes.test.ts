import { RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { errorOf, linesOf, parse } from './parse.ts';

const SECRET = 'sk-ant-api03-abcdefghijklmnop';
const providerNames = ['anthropic', 'openai', 'google', 'local'];

describe('an unknown key', () => {
  test('has file, line, column and what was probably meant', () => {
    const error = errorOf('providers:\n  openai:\n    timeuot: 60s\n');
    expect(error.issues).toEqual([
      {
        file: 'router-config.yml',
        line: 3,
        column: 5,
        path: 'providers.openai.timeuot',
        message: 'unknown key',
        suggestion: 'timeout',
      },
    ]);
    expect(error.message).toBe('router-config.yml:3:5 providers.openai.timeuot: unknown key. Did you mean "timeout"?');
    expect(RouterError.is(error) && error.kind).toBe('configuration');
  });

  test.each([
    ['router: {defautl_model: x}', 'default_model'],
    ['providers: {openai: {base_url: "http://x"}}', 'endpoint'],
    ['providers: {openai: {models: {gpt: {name: x, context_window: 5}}}}', 'max_tokens'],
    ['providers: {openai: {models: [{nmae: x}]}}', 'name'],
    ['routing: {rules: [{patern: x, model: y}]}', 'pattern'],
    ['budget: {alerts: [{treshold: 50%, action: notify}]}', 'threshold'],
    ['default_model: gpt-4', 'router.default_model'],
    ['fallback_order: [openai]', 'routing.fallback_order'],
    ['budjet: {daily: 5}', 'budget'],
  ])('%s: did you mean "%s"?', (text, suggestion) => {
    expect(errorOf(text).issues.map((issue) => issue.suggestion)).toContain(suggestion);
  });

  test('a provider outside of providers that is no block is told where it goes', () => {
    expect(linesOf('openai: gpt-4\nstrict: true', { providerNames })).toEqual([
      'router-config.yml:1:1 openai: unknown key. Did you mean "providers.openai"?',
    ]);
  });

  test('is an error also when it is empty', () => {
    expect(linesOf('routing:\n  stratgy:\n')).toEqual([
      'router-config.yml:2:3 routing.stratgy: unknown key. Did you mean "strategy"?',
    ]);
  });
});

describe('a value of the wrong kind', () => {
  test.each([
    ['router: {enabled: maybe}', 'expected true or false, found the text "maybe"'],
    ['router: {default_model: 4}', 'expected text, found the number 4; put it in quotes'],
    ['router: []', 'expected keys and values, found an empty list'],
    ['routing: {fallback_order: openai}', 'expected a list, found the text "openai"'],
    ['routing: {apply_to: al}', 'expected "auto" or "all", found the text "al". Did you mean "all"?'],
    [
      'providers: {local: {timeout: 30000}}',
      'expected a time such as 30s or 500ms (a bare number is seconds, 3600 at most), found the number 30000',
    ],
    ['providers: {local: {rate_limit: 50}}', 'expected requests in a time such as 50/minute, found the number 50'],
    [
      'providers: {local: {models: codellama}}',
      'expected a list of models, or a map of short names to models, found the text "codellama"',
    ],
    ['providers: {local: {endpoint: localhost}}', 'expected an address such as https://api.example.com/v1'],
    ['budget: {daily: -1}', 'expected an amount of dollars such as 50.00, found the number -1'],
    [
      'providers: {local: {models: [{name: y, cost_per_1k_tokens: {input: 100000, output: 1}}]}}',
      'expected dollars for 1,000 tokens such as 0.003 (9000 at most), found the number 100000',
    ],
    ['budget: {alerts: [{threshold: 150%, action: notify}]}', 'expected a share such as 80, 0.80 or "80%"'],
    ['routing: {rules: [{pattern: "(", model: x}]}', 'expected a regular expression, found the text "("'],
    ['routing: {rules: [{pattern: x}]}', 'a rule needs "model", "prefer" or "default"'],
    ['routing: {rules: [{model: x}]}', 'a rule needs "task_type", "task_complexity" or "pattern"'],
    ['models: {"gpt-*": best_for_taks}', 'unknown strategy "best_for_taks"'],
    ['models: {q: {strategy: best_for_taks}}', 'unknown strategy "best_for_taks"'],
    ['gateway: {cors_origins: ["https://a.example/path"]}', 'expected an origin such as https://app.example.com'],
    ['models: {auto: cost_optimized}', 'models.auto: is routed by routing.strategy'],
    ['models: {signalbox/fast: {chain: [a]}}', 'can have no other meaning: take another name'],
    ['models: {q: {chain: []}}', 'expected at least one model'],
    ['models: {q: {}}', 'expected a chain or a strategy'],
    ['models: {q: {chain: [a], strategy: cost_optimized}}', 'a chain is tried in its order: leave out its strategy'],
    ['models: {q: [a]}', 'expected a strategy, a model, or { chain: [models] }, found a list'],
    ['models: {q: {chian: [a]}}', 'unknown key. Did you mean "chain"?'],
    ['quality_mode: {temperature: 0.3}', 'expected text, found nothing'],
    ['fallback: {chain: [{a: x, b: y}]}', 'expected one model in each line of the chain'],
    ['just text', 'expected keys and values, found the text "just text"'],
  ])('%s: %s', (text, message) => {
    const lines = linesOf(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
  });

  test('all of them are reported together, in the order of the file', () => {
    const text = `router:
  enabled: maybe
providers:
  openai:
    timeuot: 60s
    models:
      gpt4: {name: x, max_tokens: lots}
routing:
  fallback_order: ["\${NOT_SET}"]
`;
    expect(linesOf(text)).toEqual([
      'router-config.yml:2:12 router.enabled: expected true or false, found the text "maybe".',
      'router-config.yml:5:5 providers.openai.timeuot: unknown key. Did you mean "timeout"?',
      'router-config.yml:7:35 providers.openai.models.gpt4.max_tokens: expected a whole number above 0, found the text "lots".',
      'router-config.yml:9:20 routing.fallback_order[0]: the variable NOT_SET is not set: set it, or write ${NOT_SET:-default}.',
    ]);
  });
});

describe('no message shows a secret', () => {
  test.each([
    `providers: {openai: {api_key: [${SECRET}]}}`,
    `providers: {openai: {api_key: {${SECRET}: x}}}`,
    `providers: {openai: {headers: {Authorization: [Bearer ${SECRET}]}}}`,
    `providers: {openai: {${SECRET}: x}}`,
    `router: {default_model: [x], enabled: ${SECRET}}`,
    `routing: {strategy: best_for_tas, fallback_order: ${SECRET}}`,
    `providers: {openai: {endpoint: "https://user:${SECRET}@"}}`,
    `providers:\n  openai:\n    api_key: "${SECRET}`,
    `providers:\n  openai:\n    api_key: ${SECRET}\n   timeout: 5\n`,
    `${SECRET}: 1\n${SECRET}: 2\n`,
    `api_key: *${SECRET}`,
  ])('%s', (text) => {
    expect(errorOf(text).message).not.toContain('abcdefghijkl');
    expect(JSON.stringify(errorOf(text).issues)).not.toContain('abcdefghijkl');
  });

  test('a key of no known shape is not shown where a key belongs, nor what a variable held', () => {
    const message = errorOf('providers: {openai: {api_key: 1234567890}}\nrouter: {enabled: "${HUNTER}"}', {
      env: { HUNTER: 'hunter-two' },
    }).message;
    expect(message).not.toContain('1234567890');
    expect(message).not.toContain('hunter-two');
    expect(message).toContain('found the value of ${HUNTER}');
  });
});

describe('broken syntax is one clear line with its position', () => {
  test.each([
    ['a: [b', /^router-config\.yml:1:\d+: not valid YAML: /],
    ['router:\n\tenabled: true', /^router-config\.yml:2:1: not valid YAML: a tab in the indentation; use spaces\.$/],
    [
      'router: {}\nrouter: {}',
      /^router-config\.yml:2:1: the key "router" is written twice in one section; keep one\.$/,
    ],
    ['routing: {fallback_order: [${A}]}', /within \[\.\.\.\] and \{\.\.\.\} write "\$\{NAME\}" in quotes\.$/],
    [
      'streaming: {enabled: true}\n\nclaude-code --parallel "Review"',
      /^router-config\.yml:3:1: not valid YAML: "claude-code --parallel "Review"" is no "key: value"; a command belongs into a shell, a remark behind "#"\.$/,
    ],
    ['a: b: c', /^router-config\.yml:1:4: not valid YAML: Nested mappings/],
    ['router: {}\n---\nrouter: {}', /^router-config\.yml:2:1: more than one document/],
    ['router: *nowhere', /the alias "\*nowhere" has no anchor\.$/],
  ])('%j', (text, line) => {
    const lines = linesOf(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(line);
  });

  test('JSON is called JSON', () => {
    expect(errorOf('{"router": {', { file: 'router-config.json' }).message).toMatch(/:1:\d+: not valid JSON: /);
  });

  test('aliases that refer to themselves or multiply without end are refused', () => {
    expect(errorOf('speed_priority: &a [*a]').message).toContain('an alias that refers to itself');
    const levels = Array.from(
      { length: 12 },
      (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
    );
    expect(errorOf(`l0: &l0 [x]\n${levels.join('\n')}`).message).toContain('holds more than 100000 values');
  });
});

describe('names that nothing has', () => {
  test('a strategy near a built-in one is a slip; another may be registered by a program', () => {
    expect(linesOf('routing: {strategy: best_for_tsk}')[0]).toContain('Did you mean "best_for_task"?');
    expect(parse('routing: {strategy: our_own_policy}').configuration.routing.strategy).toBe('our_own_policy');
    expect(linesOf('routing: {strategy: our_own_policy}', { strategyNames: ['their_policy'] })[0]).toContain(
      'unknown strategy "our_own_policy"; there are manual, best_for_task',
    );
  });

  test('a provider that does not exist is an error, one with a type of its own does exist', () => {
    const text = 'providers: {antropic: {api_key: x}}\nrouting: {fallback_order: [opnai, mine]}';
    expect(linesOf(text, { providerNames })).toEqual([
      'router-config.yml:1:13 providers.antropic: unknown provider "antropic". Did you mean "anthropic"?',
      'router-config.yml:2:28 routing.fallback_order[0]: unknown provider "opnai". Did you mean "openai"?',
      'router-config.yml:2:35 routing.fallback_order[1]: unknown provider "mine".',
    ]);
    const own =
      'providers: {mine: {type: openai, endpoint: "http://10.0.0.1"}}\nrouting: {fallback_order: [mine, openai]}';
    const { configuration } = parse(own, { providerNames });
    expect(configuration.routing.fallbackOrder).toEqual(['mine', 'openai']);
    expect(configuration.providers.mine).toMatchObject({ id: 'mine', type: 'openai', endpoint: 'http://10.0.0.1' });
  });

  test('a server of one’s own needs a type, which must exist, and has no package beside it', () => {
    const providerTypes = ['openai-compatible', 'ollama', 'mistral'];
    const lines = (provider: string) => linesOf(`providers:\n  lab: ${provider}\n`, { providerNames, providerTypes });
    expect(lines('{endpoint: "http://10.0.0.1"}')).toEqual([
      'router-config.yml:2:3 providers.lab: unknown provider "lab": a server of your own needs a type, such as openai-compatible.',
    ]);
    expect(lines('{endpoint: "http://10.0.0.1", type: openai_compatable}')).toEqual([
      'router-config.yml:2:44 providers.lab.type: unknown type of provider "openai_compatable". Did you mean "openai-compatible"?',
    ]);
    expect(lines('{type: x}')).toEqual([
      'router-config.yml:2:15 providers.lab.type: unknown type of provider "x"; there are openai-compatible, ollama, mistral.',
    ]);
    expect(lines('{type: mistral, package: acme}')).toEqual([
      'router-config.yml:2:15 providers.lab.type: a provider has either a type or a package, not both.',
    ]);
    expect(linesOf('providers: {opnai: {endpoint: "http://10.0.0.1"}}', { providerNames })).toEqual([
      'router-config.yml:1:13 providers.opnai: unknown provider "opnai". Did you mean "openai"?',
    ]);
  });

  test('a default that is not among the models is a warning', () => {
    expect(parse('providers: {openai: {models: {gpt4: x}, default: gtp4}}').warnings).toEqual([
      'router-config.yml:1:50 providers.openai.default: "gtp4" is not among this provider\'s models. Did you mean "gpt4"?',
    ]);
  });
});
