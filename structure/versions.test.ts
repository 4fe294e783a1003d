import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyForPlanning, versionsIn } from '../release/scratch-copy.ts';
import { bundledPackages, followingChangeset, namedPackages } from '../scripts/bundled-packages.ts';
import changelog from '../scripts/changelog.ts';
import { root, workspacePackages } from './workspace.ts';

// A copy of the repository with its manifests alone: releases are planned there as they would be here.
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-versions-'));
  // All at one version, whatever they have come to since, and no change that is really waiting.
  copyForPlanning(root, folder, (path, text) =>
    path.endsWith('/package.json') ? text.replace(/"version": ".*"/, '"version": "0.1.0"') : text,
  );
  for (const path of globSync('.changeset/*.md', { cwd: folder })) rmSync(join(folder, path));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Plans the releases of changesets, given as what they name: the new version by package, of those that get one. */
function plan(...changesets: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  for (const [index, named] of changesets.entries()) {
    const front = Object.entries(named).map(([name, bump]) => `'${name}': ${bump}`);
    writeFileSync(join(folder, `.changeset/change-${index}.md`), `---\n${front.join('\n')}\n---\n\nSomething new.\n`);
  }
  const script = join(root, 'scripts/version-packages.ts');
  const { status, stderr } = spawnSync(process.execPath, [script, '--root', folder], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return Object.fromEntries([...versionsIn(folder)].filter(([, version]) => version !== '0.1.0'));
}

const page = (path: string) => readFileSync(join(folder, path, 'CHANGELOG.md'), 'utf8');

describe('a release', () => {
  it('of a change in one provider is that provider, and the program that has it inside', () => {
    expect(plan({ '@signalbox/provider-anthropic': 'patch' })).toEqual({
      '@signalbox/provider-anthropic': '0.1.1',
      signalbox: '0.1.1',
    });
    expect(page('packages/provider-anthropic')).toContain('- Something new.');
    expect(page('apps/cli')).toContain('- Brings along what is new in `@signalbox/provider-anthropic`.');
    expect(existsSync(join(folder, 'packages/router/CHANGELOG.md'))).toBe(false);
  });

  it('of a repair in the core is the core: what depends on it takes it as it is', () => {
    expect(Object.keys(plan({ '@signalbox/core': 'patch' })).sort()).toEqual(['@signalbox/core', 'signalbox']);
  });

  it('of a new core takes its dependents along, with one line each', () => {
    const released = plan({ '@signalbox/core': 'minor' }, { '@signalbox/core': 'minor' });
    expect(released).toMatchObject({ '@signalbox/core': '0.2.0', '@signalbox/router': '0.1.1' });
    expect(page('packages/router').match(/^- .*$/gm)).toEqual(['- Works with `@signalbox/core` 0.2.0.']);
  });

  it('of a package that is not inside leaves the program alone', () => {
    expect(plan({ '@signalbox/conformance': 'patch' })).toEqual({ '@signalbox/conformance': '0.1.1' });
  });

  it('of the program itself is said in its own words', () => {
    expect(plan({ '@signalbox/router': 'minor', signalbox: 'minor' })).toMatchObject({ signalbox: '0.2.0' });
    expect(page('apps/cli')).not.toContain('Brings along');
  });
});

describe('the packages inside the program', () => {
  const inside = bundledPackages(root);

  it('are those that it imports and what they depend on', () => {
    for (const name of ['core', 'setup', 'format-gemini', 'provider-openai-compatible', 'cache', 'gateway'])
      expect(inside).toContain(`@signalbox/${name}`);
    for (const name of ['@signalbox/conformance', '@signalbox/create-provider', 'signalbox'])
      expect(inside).not.toContain(name);
  });

  it('are followed only where they change', () => {
    expect(followingChangeset([], inside)).toBeUndefined();
    expect(followingChangeset(["---\n'@signalbox/core': patch\n---\n\nx"], new Set())).toBeUndefined();
  });
});

it.each([
  [
    "---\n'@signalbox/core': minor\nsignalbox: patch\n---\n\n'@signalbox/router': major",
    ['@signalbox/core', 'signalbox'],
  ],
  ['---\n\n"@signalbox/core": minor\n\n---\n', ['@signalbox/core']],
  ['no front matter', []],
])('the packages of a changeset are read from its front matter', (text, names) => {
  expect(namedPackages(text)).toEqual(names);
});

it('a changelog has the words of changesets and no hashes', () => {
  const summary = 'First line.\n\n- a point';
  expect(changelog.getReleaseLine({ summary })).toBe('- First line.\n\n  - a point');
  expect(changelog.getDependencyReleaseLine([{ summary }, { summary }], [])).toBe('');
});

it('every changeset that is waiting names packages that exist', () => {
  const names = new Set(workspacePackages().map(({ manifest }) => manifest.name));
  for (const path of globSync('.changeset/*.md', { cwd: root, exclude: ['.changeset/README.md'] })) {
    const named = namedPackages(readFileSync(join(root, path), 'utf8'));
    expect(named.length, path).toBeGreaterThan(0);
    expect(
      named.filter((name) => !names.has(name)),
      path,
    ).toEqual([]);
  }
});
