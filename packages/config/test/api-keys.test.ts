import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderConfiguration, untrustedUses } from '../src/index.ts';
import { HOME_FILE, makeFolders, PROJECT_FILE } from './folders.ts';
import { linesOf, parse } from './parse.ts';

const LIST = 'providers:\n  openai:\n    api_keys:\n      - ${A}\n      - ${B}\n';

describe('several keys of a provider', () => {
  test('are a list of what one key may be', () => {
    const { configuration, warnings } = parse(LIST, { env: { A: ' a ', B: 'b' } });
    expect(configuration.providers.openai).toMatchObject({ apiKeys: ['a', 'b'], apiKeyVariable: 'A' });
    expect(configuration.providers.openai?.apiKey).toBeUndefined();
    expect(warnings).toEqual([]);
    const json = '{"providers": {"openai": {"api_keys": ["${A}", "${B:-two}"]}}}';
    expect(parse(json, { env: { A: 'a' } }).configuration.providers.openai?.apiKeys).toEqual(['a', 'two']);
  });

  test.each([{ A: 'a' }, { A: 'a', B: ' ' }])(
    'one whose variable is empty or not set is left out, with a warning (%j)',
    (env) => {
      const { configuration, warnings } = parse(LIST, { env });
      expect(configuration.providers.openai?.apiKeys).toEqual(['a']);
      expect(warnings).toEqual([
        'router-config.yml:5:9 providers.openai.api_keys[1]: the variable B is empty or not set; the key is left out.',
      ]);
    },
  );

  test('all of them not set are a provider without a key, which is no mistake of the file', () => {
    const { configuration, warnings } = parse(LIST);
    expect(configuration.providers.openai).not.toHaveProperty('apiKeys');
    expect(configuration.providers.openai?.apiKeyVariable).toBe('A');
    expect(warnings).toEqual([]);
  });

  test('the same twice counts once, and a warning says so without the key', () => {
    const { configuration, warnings } = parse(LIST, { env: { A: 'same-secret', B: 'same-secret' } });
    expect(configuration.providers.openai?.apiKeys).toEqual(['same-secret']);
    expect(warnings.join()).toMatch(/api_keys\[1\]: the same key as the one at \[0\]; it counts once\.$/);
    expect(warnings.join()).not.toContain('secret');
  });

  test.each([
    ['api_keys: sk-abcdefghijkl', /api_keys: expected a list, found other text\.$/],
    ['api_keys: []', /api_keys: expected at least one key, found an empty list\.$/],
    ['api_keys: [a, 12]', /api_keys\[1\]: expected text, found a number; put it in quotes\.$/],
    ['api_keys: [a, {b: c}]', /api_keys\[1\]: expected text, found keys and values\.$/],
    ['api_keys: [a, "${"]', /api_keys\[1\]: a "\$\{" that is not a variable/],
    ['api_key: a, api_keys: [b]', /api_keys: a provider has either api_key or api_keys, not both: put all/],
    ['api_key: "${A}", api_keys: ["${B}"]', /not both/],
  ])('%s is refused', (written, expected) => {
    expect(linesOf(`providers: {openai: {${written}}}`)).toEqual([expect.stringMatching(expected)]);
  });

  test('variables without quotes in a list in one line are no YAML, and the message says what to write', () => {
    expect(linesOf('providers:\n  openai:\n    api_keys: [${A}, ${B}]\n')[0]).toContain(
      'within [...] and {...} write "${NAME}" in quotes',
    );
  });
});

describe('the keys of two files', () => {
  test.each([
    ['api_keys: [p, q]', 'api_key: h', { apiKeys: ['p', 'q'] }],
    ['api_key: p', 'api_keys: [h, i]', { apiKey: 'p' }],
    ['api_keys: [p, q]', 'api_keys: [h]', { apiKeys: ['p', 'q'] }],
    ['timeout: 5s', 'api_keys: [h, i]', { apiKeys: ['h', 'i'] }],
    ['api_keys: ["${NONE}"]', 'api_key: h', { apiKey: 'h' }],
  ])('%s of the project stands before %s of the home', async (project, home, expected) => {
    const folders = makeFolders();
    folders.write(HOME_FILE, `providers: {openai: {${home}}}`);
    folders.write(PROJECT_FILE, `providers: {openai: {${project}}}`);
    const { apiKey, apiKeys } = (await folders.load()).configuration.providers.openai ?? {};
    expect({ apiKey, apiKeys }).toEqual({ apiKey: undefined, apiKeys: undefined, ...expected });
  });

  test('say where they come from', async () => {
    const folders = makeFolders();
    folders.write(HOME_FILE, LIST);
    folders.write(PROJECT_FILE, 'providers: {openai: {timeout: 5s}}');
    const { sourceOf } = await folders.load({ env: { A: 'a' } });
    expect(sourceOf('providers.openai.api_keys')).toBe('~/.claude-code/router-config.yml:4:7');
  });
});

describe('secrets in a list', () => {
  test('are not shown: variables by their names, the rest hidden', () => {
    const text =
      'providers:\n  openai:\n    api_keys:\n      - ${A}\n      - sk-abcdefghijkl\n      - x${B:-plain-secret}\n';
    const parsed = parse(text, { env: { A: 'secret-a' } });
    const shown = renderConfiguration(parsed);
    expect(shown).toContain(
      '    api_keys: # router-config.yml:4:7\n      - "${A}"\n      - "<hidden>"\n      - "${B}"\n',
    );
    expect(shown).not.toMatch(/secret|abcdef/);
  });

  test('are shown as a list too where none is set, and mean the same after it', () => {
    const first = parse(LIST);
    const shown = renderConfiguration(first);
    expect(shown).toContain('api_keys: # router-config.yml:4:7, not set\n      - "${A}"\n      - "${B}"\n');
    expect(parse(shown, { env: { B: 'b' } }).configuration.providers.openai?.apiKeys).toEqual(['b']);
  });

  test('that a weaker file says are not shown where they don’t hold', async () => {
    const folders = makeFolders();
    folders.write(HOME_FILE, 'providers: {openai: {api_key: "${HOME_KEY}"}}');
    folders.write(PROJECT_FILE, LIST);
    const shown = renderConfiguration(await folders.load({ env: { A: 'a', B: 'b', HOME_KEY: 'h' } }));
    expect(shown).not.toMatch(/api_key:|HOME_KEY/);
  });

  test('in plain text in a git repository, or placeholders, are a warning each', async () => {
    const folders = makeFolders();
    mkdirSync(join(folders.project, '.git'));
    folders.write(
      PROJECT_FILE,
      'providers:\n  openai:\n    api_keys:\n      - ${A}\n      - sk-abcdefghijkl\n      - <your key>\n',
    );
    const { warnings } = await folders.load({ env: { A: 'a' } });
    expect(warnings).toEqual([
      expect.stringMatching(
        /:5:9 providers\.openai\.api_keys\[1\]: a key in plain text in a git repository; write \$\{OPENAI_API_KEY\}/,
      ),
      expect.stringMatching(/:6:9 providers\.openai\.api_keys\[2\]: the key is a placeholder;/),
    ]);
  });

  test("of the user's own file need trust to go to another provider by a project's type", async () => {
    const folders = makeFolders();
    const file = folders.write(PROJECT_FILE, 'providers: {openai: {type: mistral}}');
    folders.write(HOME_FILE, LIST);
    const uses = untrustedUses(await folders.load({ env: { A: 'a', B: 'b' } }), { openai: ['api.openai.com'] });
    expect(uses).toEqual([
      { file, path: 'providers.openai.type', reason: 'sends the key of "openai" to another provider, "mistral"' },
    ]);
  });
});
