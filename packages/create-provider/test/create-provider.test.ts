import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROVIDER_FORMATS, providerName, providerRequest } from '../src/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const command = fileURLToPath(new URL('../src/create.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-create-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(words: readonly string[], cwd = folder): Promise<Finished> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, words, { cwd })) };
  } catch (error) {
    return error as Finished;
  }
}

const create = (...words: string[]) => run([command, ...words]);
const read = (path: string) => readFileSync(join(folder, path), 'utf8');

/** Puts the workspace's packages where `npm install` would put the published ones. */
function link(target: string): void {
  const modules = join(target, 'node_modules');
  mkdirSync(join(modules, '@signalbox'), { recursive: true });
  for (const name of readdirSync(join(root, 'packages'))) {
    symlinkSync(join(root, 'packages', name), join(modules, '@signalbox', name));
  }
  symlinkSync(join(root, 'node_modules/@types'), join(modules, '@types'));
}

describe('a new package', () => {
  it('is written whole, with the versions of the day', async () => {
    const { code, stdout, stderr } = await create('acme-cloud', '--endpoint', 'https://api.acme.example/v1/');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('npm install');
    const made = join(folder, 'signalbox-provider-acme-cloud');
    expect(readdirSync(made).sort()).toEqual([
      '.gitignore',
      'README.md',
      'package.json',
      'src',
      'test',
      'tsconfig.build.json',
      'tsconfig.json',
    ]);
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(JSON.parse(read('signalbox-provider-acme-cloud/package.json'))).toMatchObject({
      name: 'signalbox-provider-acme-cloud',
      type: 'module',
      files: ['dist'],
      dependencies: {
        '@signalbox/core': `^${version}`,
        '@signalbox/format-openai': `^${version}`,
        '@signalbox/provider-kit': `^${version}`,
      },
      devDependencies: { '@signalbox/conformance': `^${version}` },
    });
    const source = read('signalbox-provider-acme-cloud/src/index.ts');
    expect(source).toContain("defaultEndpoint: 'https://api.acme.example',");
    expect(source).toContain("keyVariables: ['ACME_CLOUD_API_KEY'],");
    expect(source).toContain('export { acmeCloud as provider };');
    expect(source.split('\n').length).toBeLessThan(40);
    expect(JSON.parse(read('signalbox-provider-acme-cloud/src/catalog.json'))).toMatchObject({
      models: [],
      aliases: {},
    });
    expect(read('signalbox-provider-acme-cloud/README.md')).toContain('ACME_CLOUD_API_KEY');
  });

  it.each(PROVIDER_FORMATS)(
    'of the format $id type-checks, builds, and passes the conformance suite',
    async ({ id }) => {
      await create('acme', '--format', id, '--folder', 'made');
      const made = join(folder, 'made');
      link(made);
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const checked = await run([tsc, '--customConditions', '@signalbox/source'], made);
      expect(checked.stdout).toBe('');
      expect(checked.code).toBe(0);
      const tested = await run(['--conditions=@signalbox/source', '--test'], made);
      expect(tested.stdout).toMatch(/(pass|ℹ pass) \d\d/);
      expect(tested.stdout).toMatch(/fail 0/);
      expect(tested.code).toBe(0);
    },
  );

  it('is loaded by the name that a configuration needs, also when its name is a word of the language', async () => {
    await create('new', '--folder', 'made');
    link(join(folder, 'made'));
    const file = join(folder, 'made/look.ts');
    writeFileSync(
      file,
      "import { provider } from './src/index.ts';\nconsole.log(provider.id, provider.contract, typeof provider.create);\n",
    );
    const { stdout } = await run(['--conditions=@signalbox/source', file]);
    expect(stdout).toBe('new 1 function\n');
  });
});

describe('what is refused', () => {
  it.each([
    [[], 2, /expected one name, found 0/],
    [['a', 'b'], 2, /expected one name, found 2/],
    [['../evil'], 2, /is no name for a provider/],
    [['Acme'], 2, /use small letters/],
    [
      ['acme', '--format', 'soap'],
      2,
      /no format "soap"; there are openai-chat, anthropic-messages, gemini, ollama-chat/,
    ],
    [['acme', '--endpoint', 'acme.example'], 2, /not an http\(s\) address/],
    [['acme', '--endpoint', "https://a.example/'+x"], 2, /not an http\(s\) address/],
    [['acme', '--endpoint', 'https://a.example/*/x'], 2, /not an http\(s\) address/],
    [['acme', '--endpoint', 'https://me:pw@a.example'], 2, /not an http\(s\) address/],
    [['acme', '--colour'], 2, /Unknown option/],
  ])('%j with exit code %i', async (words, code, message) => {
    const result = await create(...words);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(message);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a folder with something in it', async () => {
    mkdirSync(join(folder, 'signalbox-provider-acme'));
    writeFileSync(join(folder, 'signalbox-provider-acme/mine.txt'), 'mine');
    const { code, stderr } = await create('acme');
    expect(code).toBe(1);
    expect(stderr).toMatch(/is there already and not empty/);
    expect(existsSync(join(folder, 'signalbox-provider-acme/package.json'))).toBe(false);
  });

  it('says how it is used', async () => {
    const { code, stdout } = await create('--help');
    expect([code, stdout.split('\n')[0]]).toEqual([
      0,
      'usage: npm create @signalbox/provider NAME -- [--format FORMAT] [--endpoint URL] [--folder FOLDER]',
    ]);
  });
});

describe('names and endpoints', () => {
  it('become what code, configurations and people call it', () => {
    expect(providerName('acme-cloud-2')).toEqual({
      id: 'acme-cloud-2',
      constant: 'acmeCloud2',
      factory: 'createAcmeCloud2',
      display: 'Acme Cloud 2',
      keyVariable: 'ACME_CLOUD_2_API_KEY',
    });
  });

  it.each([
    ['https://api.acme.example/v1', 'https://api.acme.example'],
    ['https://acme.example/api/v1/', 'https://acme.example/api'],
    ['https://acme.example/api', 'https://acme.example/api'],
  ])('%s is %s and the version path', (endpoint, base) => {
    expect(providerRequest({ name: 'acme', endpoint })).toMatchObject({ endpoint: base });
  });
});
