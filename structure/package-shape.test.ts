import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root, workspacePackages } from './workspace.ts';

/** Lines of a source file at most: one concept each. Tables of data are exempt by their ending. */
const MAX_LINES = 300;

describe.each(workspacePackages())('$folder', (one) => {
  const { manifest } = one;
  const published = one.name === 'cli' ? 'signalbox' : `@signalbox/${one.name}`;

  it('has a manifest that can be published', () => {
    expect(manifest).toMatchObject({
      name: published,
      license: 'MIT',
      type: 'module',
      files: ['dist'],
      engines: { node: '>=22.19' },
      publishConfig: { access: 'public', provenance: true },
      repository: { directory: one.folder },
    });
    expect(manifest.description?.length).toBeGreaterThan(20);
    expect(manifest.scripts).toMatchObject({ build: expect.stringContaining('tsup'), typecheck: 'tsc' });
  });

  it('exposes its sources, its declarations and its build, and nothing else', () => {
    if (one.name === 'cli') return;
    expect(manifest.exports).toEqual({
      '.': { '@signalbox/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    });
    expect(manifest.sideEffects).toBe(false);
    expect(existsSync(`${one.path}/src/index.ts`)).toBe(true);
  });

  it('names its exports one by one', () => {
    if (one.name === 'cli') return;
    expect(readFileSync(`${one.path}/src/index.ts`, 'utf8')).not.toMatch(/export \*/);
  });

  it('has a README that says how to install it, and tests', () => {
    const readme = readFileSync(`${one.path}/README.md`, 'utf8');
    expect(readme).toContain(`# ${one.name === 'cli' ? 'signalbox' : published}`);
    expect(readme).toMatch(new RegExp(`npm (i|install) (-g )?.*${published}|npx ${published}`));
    expect(readme).toContain('```');
    expect(readme, 'what can go wrong').toMatch(/^#{2,3} Errors$/m);
    expect(readme, 'a table of options, exports or endpoints').toMatch(/^\| -+ /m);
    if (/^(?:format|provider)-(?!kit$)/.test(one.name)) expect(readme).toMatch(/^## Supported features$/m);
    expect(globSync(`${one.path}/test/**/*.test.ts`).length).toBeGreaterThan(0);
  });

  it('ranges of workspace packages end up as ^ versions', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([name]) => name.startsWith('@signalbox/'))
      .map(([, range]) => range);
    expect(ranges.every((range) => range === 'workspace:^')).toBe(true);
  });

  it('has small files with honest names', () => {
    const files = globSync(`${one.path}/src/**/*.ts`);
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > MAX_LINES + 1);
    expect(long.map((file) => file.slice(root.length))).toEqual([]);
    expect(
      files.filter((file) => /(?:^|\/)(?:utils?|helpers?|misc|common)\b/.test(file.slice(one.path.length))),
    ).toEqual([]);
  });
});

it('the lock file holds no address', () => {
  expect(readFileSync(`${root}pnpm-lock.yaml`, 'utf8')).not.toMatch(/https?:\/\//);
});

it('the README lists every package', () => {
  const readme = readFileSync(`${root}README.md`, 'utf8');
  for (const one of workspacePackages()) expect(readme, one.folder).toContain(`\`${one.folder}\``);
});
