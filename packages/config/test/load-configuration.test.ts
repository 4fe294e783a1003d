import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, type LoadedConfiguration } from '../src/index.ts';
import { HOME_FILE, makeFolders, PROJECT_FILE } from './folders.ts';

async function messageOf(loading: Promise<LoadedConfiguration>): Promise<string> {
  const error: unknown = await loading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!ConfigurationError.is(error)) throw new Error('no ConfigurationError');
  return error.message;
}

describe('where a configuration is found', () => {
  test('nowhere: the defaults, and no file', async () => {
    const loaded = await makeFolders().load();
    expect(loaded.configuration).toMatchObject({ enabled: true, providersConfigured: false });
    expect(loaded).toMatchObject({ files: [], warnings: [], projectFolder: undefined });
    expect(loaded.sourceOf('routing.strategy')).toBe('default');
  });

  test.each(['router-config.yml', 'router-config.yaml', 'router-config.json'])('in the project: %s', async (name) => {
    const folders = makeFolders();
    const file = folders.write(`project/.claude-code/${name}`, '{"router": {"default_model": "m"}}');
    const loaded = await folders.load();
    expect(loaded.configuration.defaultModel).toBe('m');
    expect(loaded.files).toEqual([file]);
    expect(loaded.projectFolder).toBe(folders.project);
  });

  test('JSON may have comments, as in editors; places are those of the file', async () => {
    const folders = makeFolders();
    folders.write(
      'project/.claude-code/router-config.json',
      '// mine\n{\n  /* who\n answers */ "router": { "default_model": "http://a//b" }, // never "c"\n  "rooting": {} # no\n}',
    );
    expect(await messageOf(folders.load())).toBe(
      '.claude-code/router-config.json:5:3 rooting: unknown key. Did you mean "routing"?',
    );
    folders.write(
      'project/.claude-code/router-config.json',
      '// mine\n{\n  /* who\n answers */ "router": { "default_model": "http://a//b" }, // never "c"\n}',
    );
    expect((await folders.load()).configuration.defaultModel).toBe('http://a//b');
  });

  test.each([
    ['UTF-16', Buffer.from('\uFEFFrouting: {}', 'utf16le'), 'it is UTF-16; save it as UTF-8'],
    ['Latin-1', Buffer.from('# Müller\nrouting: {}', 'latin1'), 'it is not UTF-8; save it as UTF-8'],
  ])('in %s: a sentence instead of gibberish', async (_, bytes, reason) => {
    const folders = makeFolders();
    writeFileSync(folders.write(PROJECT_FILE, ''), bytes);
    expect(await messageOf(folders.load())).toBe(
      `.claude-code/router-config.yml: the configuration file can't be read: ${reason}.`,
    );
  });

  test('an .env with a byte order mark is read from its first variable on; one in UTF-16 is left out, with a warning', async () => {
    const folders = makeFolders();
    folders.write(PROJECT_FILE, 'router: {default_model: "${MINE}"}');
    const file = folders.write('project/.env', '\uFEFFMINE=m\nOTHER=o');
    expect((await folders.load()).configuration.defaultModel).toBe('m');
    writeFileSync(file, Buffer.from('\uFEFFMINE=m', 'utf16le'));
    const loaded = await folders.load({ env: { MINE: 'n' } });
    expect(loaded.configuration.defaultModel).toBe('n');
    expect(loaded.warnings).toEqual([`${file} can't be read: it is UTF-16; save it as UTF-8. It is left out.`]);
  });

  test('in the nearest folder above that has one', async () => {
    const folders = makeFolders();
    folders.write(PROJECT_FILE, 'router: {default_model: near}');
    const cwd = join(folders.project, 'packages', 'deep');
    mkdirSync(cwd, { recursive: true });
    const loaded = await folders.load({ cwd });
    expect(loaded.configuration.defaultModel).toBe('near');
    expect(loaded.projectFolder).toBe(folders.project);
  });

  test('not above the home', async () => {
    const folders = makeFolders();
    folders.write('.claude-code/router-config.yml', 'router: {default_model: above}');
    expect((await folders.load()).configuration.defaultModel).toBeUndefined();
  });

  test('of several in one folder the first, and a warning', async () => {
    const folders = makeFolders();
    folders.write(PROJECT_FILE, 'router: {default_model: yml}');
    folders.write('project/.claude-code/router-config.json', '{}');
    const loaded = await folders.load();
    expect(loaded.configuration.defaultModel).toBe('yml');
    expect(loaded.warnings).toEqual([
      '.claude-code/router-config.json is not read: there is a router-config.yml beside it.',
    ]);
  });

  test('--config takes the place of the project, not of the home', async () => {
    const folders = makeFolders();
    folders.write(PROJECT_FILE, 'router: {default_model: project}');
    folders.write(HOME_FILE, 'data_policy: local_only');
    const file = folders.write('project/other.yml', 'streaming: {enabled: false}');
    const { configuration, files, sourceOf } = await folders.load({ file: 'other.yml' });
    expect(configuration).toMatchObject({ streaming: { enabled: false }, dataPolicy: 'local_only' });
    expect(configuration.defaultModel).toBeUndefined();
    expect(files[0]).toBe(file);
    expect(sourceOf('streaming.enabled')).toBe('other.yml:1:22');
    expect(sourceOf('data_policy')).toBe('~/.claude-code/router-config.yml:1:14');
  });

  test.each([
    ['missing.yml', "missing.yml: the configuration file can't be read: there is no such file."],
    ['.', "the configuration file can't be read: it is a folder, not a file."],
  ])('--config %s is one clear sentence', async (file, sentence) => {
    const message = await messageOf(makeFolders().load({ file }));
    expect(message).toContain(sentence);
    expect(message.split('\n')).toHaveLength(1);
  });

  test.skipIf(process.getuid?.() === 0)('--config that may not be read is one clear sentence', async () => {
    const folders = makeFolders();
    chmodSync(folders.write('project/locked.yml', ''), 0);
    expect(await messageOf(folders.load({ file: 'locked.yml' }))).toContain('it may not be read');
  });

  test("a configuration in the home is the home's also when one works in the home", async () => {
    const folders = makeFolders();
    folders.write(HOME_FILE, 'providers: {local: {endpoint: "http://10.0.0.1"}}');
    const loaded = await folders.load({ cwd: folders.home });
    expect(loaded.files).toHaveLength(1);
    expect(loaded.projectFolder).toBeUndefined();
    expect(loaded.entries.find((entry) => entry.goal[2] === 'endpoint')?.source).toMatchObject({ scope: 'user' });
  });
});

describe('which value wins', () => {
  test('flag > environment > .env > project > home > default', async () => {
    const folders = makeFolders();
    const strategy = async (options: Parameters<typeof folders.load>[0] = {}): Promise<readonly string[]> => {
      const { configuration, sourceOf } = await folders.load(options);
      return [configuration.routing.strategy, sourceOf('routing.strategy')];
    };
    expect(await strategy()).toEqual(['best_for_task', 'default']);
    folders.write(HOME_FILE, 'router:\n  strategy: manual\n');
    expect(await strategy()).toEqual(['manual', '~/.claude-code/router-config.yml:2:13']);
    folders.write(PROJECT_FILE, 'routing:\n  strategy: fallback_chain\n');
    expect(await strategy()).toEqual(['fallback_chain', '.claude-code/router-config.yml:2:13']);
    folders.write('project/.env', 'CLAUDE_CODE_ROUTER_STRATEGY=round_robin\n');
    expect(await strategy()).toEqual(['round_robin', '.env']);
    const env = { CLAUDE_CODE_ROUTER_STRATEGY: 'cost_optimized' };
    expect(await strategy({ env })).toEqual(['cost_optimized', 'environment CLAUDE_CODE_ROUTER_STRATEGY']);
    const overrides = { strategy: 'intelligent' };
    expect(await strategy({ env, overrides })).toEqual(['best_for_task', 'flag']);
  });

  test('each setting by itself: a provider may be said in two files', async () => {
    const folders = makeFolders();
    folders.write(HOME_FILE, 'providers:\n  openai: {api_key: from-home, models: [a, b]}\n  local: {default: m}\n');
    const project = folders.write(PROJECT_FILE, 'providers:\n  google: {}\n  openai: {timeout: 5s, models: [c]}\n');
    const { configuration, sourceOf } = await folders.load();
    expect(Object.keys(configuration.providers)).toEqual(['google', 'openai', 'local']);
    expect(configuration.providers.openai).toEqual({
      id: 'openai',
      apiKey: 'from-home',
      timeoutMs: 5000,
      models: { c: { name: 'c' } },
      modelsListed: true,
      definedIn: project,
    });
    expect(sourceOf('providers.openai.apiKey')).toBe('~/.claude-code/router-config.yml:2:21');
    expect(sourceOf('providers.openai.timeout')).toBe('.claude-code/router-config.yml:3:21');
  });

  test("the project's chains come first, so that its first chain is the default", async () => {
    const folders = makeFolders();
    folders.write(HOME_FILE, 'routing: {chains: {budget: [a], primary: [b]}}');
    folders.write(PROJECT_FILE, 'routing: {chains: {fast: [c], primary: [d]}}');
    const { chains } = (await folders.load()).configuration.routing;
    expect(Object.entries(chains)).toEqual([
      ['fast', ['c']],
      ['primary', ['d']],
      ['budget', ['a']],
    ]);
  });

  test('flags', async () => {
    const overrides = {
      enabled: false,
      defaultModel: 'm',
      fallbackOrder: ['local'],
      dataPolicy: 'local_only',
      streaming: false,
      strict: true,
      dailyBudget: 2.5,
      parallelRequests: 7,
    } as const;
    const { configuration, sourceOf } = await makeFolders().load({ overrides });
    expect(configuration).toMatchObject({
      enabled: false,
      defaultModel: 'm',
      routing: { fallbackOrder: ['local'] },
      dataPolicy: 'local_only',
      streaming: { enabled: false },
      strict: true,
      budget: { daily: 2_500_000_000 },
      performance: { parallelRequests: 7 },
    });
    expect(sourceOf('router.default_model')).toBe('flag');
  });
});

describe('variables', () => {
  test('of the environment are settings', async () => {
    const env = {
      CLAUDE_CODE_ROUTER_ENABLED: '0',
      CLAUDE_CODE_DEFAULT_MODEL: 'claude-sonnet-4',
      CLAUDE_CODE_DAILY_BUDGET: '50.00',
      CLAUDE_CODE_COST_ALERT_THRESHOLD: '0.80',
      CLAUDE_CODE_SOMETHING_ELSE: 'of another program',
      CLAUDE_CODE_ROUTER_STRATEGY: '',
    };
    const { configuration, warnings } = await makeFolders().load({ env });
    expect(configuration).toMatchObject({
      enabled: false,
      defaultModel: 'claude-sonnet-4',
      budget: { daily: 50_000_000_000, alerts: [{ threshold: 0.8, action: 'notify' }] },
      routing: { strategy: 'best_for_task' },
    });
    expect(warnings).toEqual([]);
  });

  test('with bad values are errors that name them, together with those of the files', async () => {
    const folders = makeFolders();
    folders.write(PROJECT_FILE, 'routr: {}');
    folders.write(HOME_FILE, 'budjet: {daily: 5}');
    folders.write('project/.env', 'CLAUDE_CODE_COST_ALERT_THRESHOLD=lots\n');
    const env = { CLAUDE_CODE_DAILY_BUDGET: 'fifty', CLAUDE_CODE_ROUTER_STRATEGY: 'best_for_tsk' };
    const message = await messageOf(folders.load({ env, overrides: { strategy: 'round_robbin' } }));
    expect(message.split('\n').map((line) => line.replace(/there are .*?\./, '…'))).toEqual([
      'flag --strategy: unknown strategy "round_robbin"; … Did you mean "round_robin"?',
      'environment CLAUDE_CODE_ROUTER_STRATEGY: unknown strategy "best_for_tsk"; … Did you mean "best_for_task"?',
      'environment CLAUDE_CODE_DAILY_BUDGET: expected an amount of dollars such as 50.00, found "fifty".',
      '.env CLAUDE_CODE_COST_ALERT_THRESHOLD: expected a share such as 80, 0.80 or 80%, found "lots".',
      '.claude-code/router-config.yml:1:1 routr: unknown key. Did you mean "router"?',
      '~/.claude-code/router-config.yml:1:1 budjet: unknown key. Did you mean "budget"?',
    ]);
  });

  test('of .env files stand in for those that the environment lacks: first the current folder, then the project', async () => {
    const folders = makeFolders();
    folders.write(PROJECT_FILE, 'providers:\n  openai:\n    api_key: ${A}${B}${C}\n');
    folders.write('project/.env', 'A=project\nB=project\nC="project"\n');
    folders.write('project/sub/.env', 'A=sub\nB=sub\n');
    const loaded = await folders.load({ cwd: join(folders.project, 'sub'), env: { A: 'process' } });
    expect(loaded.configuration.providers.openai?.apiKey).toBe('processsubproject');
    expect(loaded.env).toMatchObject({ A: 'process', B: 'sub', C: 'project' });
    expect(loaded.files.slice(1)).toEqual([join(folders.project, 'sub', '.env'), join(folders.project, '.env')]);
  });

  test('a folder named .env is not a file of variables', async () => {
    const folders = makeFolders();
    folders.write('project/.env/bin/python', '');
    expect((await folders.load()).warnings).toEqual([]);
  });
});

describe('a key in plain text', () => {
  const TEXT =
    'providers:\n  openai:\n    api_key: sk-abcdefghijkl\n    headers: {Authorization: abc, X-Org: acme}\n  google:\n    api_key: ${G:-plain}\n  anthropic:\n    api_key: ${A}\n';

  test('in a file of a git repository is a warning without the key', async () => {
    const folders = makeFolders();
    mkdirSync(join(folders.project, '.git'));
    folders.write(PROJECT_FILE, TEXT);
    const { warnings } = await folders.load({ env: { A: 'a' } });
    const place = '.claude-code/router-config.yml';
    expect(warnings).toEqual([
      `${place}:3:14 providers.openai.api_key: a key in plain text in a git repository; write \${OPENAI_API_KEY} and put the key into the environment or .env.`,
      `${place}:4:30 providers.openai.headers.Authorization: a secret in plain text in a git repository; write a \${VARIABLE}.`,
      `${place}:6:14 providers.google.api_key: a key in plain text in a git repository; write \${GOOGLE_API_KEY} and put the key into the environment or .env.`,
    ]);
  });

  test('elsewhere is not', async () => {
    const folders = makeFolders();
    folders.write(PROJECT_FILE, TEXT);
    expect((await folders.load({ env: { A: 'a' } })).warnings).toEqual([]);
    mkdirSync(join(folders.home, '.git'));
    const home = makeFolders();
    mkdirSync(join(home.home, '.git'));
    home.write(HOME_FILE, TEXT);
    expect((await home.load({ env: { A: 'a' } })).warnings).toEqual([]);
  });
});

test("a key in plain text hides a weaker file's variable, a variable that is not set leaves a weaker file's key", async () => {
  const folders = makeFolders();
  folders.write(HOME_FILE, 'providers:\n  openai:\n    api_key: ${A}\n  google:\n    api_key: plain\n');
  folders.write(PROJECT_FILE, 'providers:\n  openai:\n    api_key: plain\n  google:\n    api_key: ${B}\n');
  const { openai, google } = (await folders.load({ env: { A: 'a' } })).configuration.providers;
  expect([openai?.apiKey, openai?.apiKeyVariable]).toEqual(['plain', undefined]);
  expect([google?.apiKey, google?.apiKeyVariable]).toEqual(['plain', 'B']);
});

test('a provider that the home defines may be named by the project', async () => {
  const folders = makeFolders();
  folders.write(HOME_FILE, 'providers: {mine: {type: openai, endpoint: "http://10.0.0.1"}}');
  folders.write(PROJECT_FILE, 'routing: {fallback_order: [mine]}');
  const { configuration } = await folders.load({ providerNames: ['openai'] });
  expect(configuration.routing.fallbackOrder).toEqual(['mine']);
});
