import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { describeProvider } from '../packages/conformance/src/index.ts';
import type { ProviderDefinition } from '../packages/core/src/index.ts';
import { PROVIDER_FORMATS } from '../packages/create-provider/src/index.ts';
import { SIZE_BUDGETS } from '../scripts/package-sizes.ts';
import { root } from './workspace.ts';

// A repository of its own with this one's packages linked into it: what is written there is checked as it would be here.
const folder = mkdtempSync(join(tmpdir(), 'signalbox-new-provider-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
for (const file of ['README.md', 'biome.json', 'tsconfig.base.json', 'tsup.config.base.ts']) {
  cpSync(join(root, file), join(folder, file));
}
cpSync(join(root, 'scripts/package-sizes.ts'), join(folder, 'scripts/package-sizes.ts'), { recursive: true });
mkdirSync(join(folder, 'packages'));
mkdirSync(join(folder, 'node_modules/@signalbox'), { recursive: true });
for (const name of readdirSync(join(root, 'packages'))) {
  symlinkSync(join(root, 'packages', name), join(folder, 'node_modules/@signalbox', name));
}
for (const name of ['@types', 'vitest'])
  symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));

function run(program: string, words: readonly string[], cwd = folder) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { cwd, encoding: 'utf8' });
  return { status, stdout, stderr };
}
const create = (...words: string[]) => run(join(root, 'scripts/new-provider.ts'), [...words, '--root', folder]);

describe.each(PROVIDER_FORMATS)('a new provider of the format $id', async ({ id, versionPath, header, scheme }) => {
  const name = `sample-${id}`;
  const made = create(name, '--format', id, '--endpoint', 'https://api.sample.example');
  const path = join(folder, `packages/provider-${name}`);

  it('comes with sources, test, README, slice, changeset and size budget, and is listed', () => {
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(path).sort()).toEqual([
      'README.md',
      'package.json',
      'src',
      'test',
      'tsconfig.build.json',
      'tsconfig.json',
      'tsup.config.ts',
    ]);
    expect(readFileSync(join(folder, `.changeset/provider-${name}.md`), 'utf8')).toContain(
      `"@signalbox/provider-${name}"`,
    );
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain(`\`packages/provider-${name}\``);
    const budgets = Object.keys(SIZE_BUDGETS).concat(`@signalbox/provider-${name}`).sort();
    const rows = readFileSync(join(folder, 'scripts/package-sizes.ts'), 'utf8').match(
      /(?<=^ {2}')@signalbox\/[\w-]+(?=': \d+,)/gm,
    );
    expect(rows?.filter((one) => budgets.includes(one))).toEqual(budgets.filter((one) => one !== 'signalbox'));
    expect(readFileSync(join(path, 'README.md'), 'utf8')).toMatch(new RegExp(`npm i .*@signalbox/provider-${name}`));
    expect(readFileSync(join(path, 'src/index.ts'), 'utf8').split('\n').length).toBeLessThan(40);
  });

  it('type-checks', () => {
    expect(run(join(root, 'node_modules/typescript/bin/tsc'), [], path)).toMatchObject({ status: 0, stdout: '' });
  });

  const loaded = (await import(pathToFileURL(join(path, 'src/index.ts')).href)) as Readonly<Record<string, unknown>>;
  const definition = Object.values(loaded).find((one) => typeof one === 'object') as ProviderDefinition;
  describeProvider({ describe, it, expect }, definition, {
    versionPath,
    authentication: { header, value: (apiKey) => `${scheme}${apiKey}` },
  });
});

describe('new-provider', () => {
  it('refuses what it can’t make, in one sentence, and writes nothing', () => {
    expect(create('openai-chat', '--format', 'soap')).toMatchObject({ status: 2, stdout: '' });
    expect(create('Bad Name').stderr).toMatch(/^new-provider: "Bad Name" is no name for a provider/);
    expect(create().stderr).toMatch(/expected one name, found 0/);
    expect(existsSync(join(folder, 'packages/provider-openai-chat'))).toBe(false);
    create('twice');
    expect(create('twice')).toMatchObject({
      status: 1,
      stderr: 'new-provider: packages/provider-twice is there already.\n',
    });
  });
});
