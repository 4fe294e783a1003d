import { describe, expect, it } from 'vitest';
import { onlyOf, packageOf } from '../bill-of-materials.ts';
import { publishingProblems } from '../publishable.ts';

const good = {
  name: '@signalbox/a',
  version: '1.0.0',
  manifest: {
    license: 'MIT',
    engines: { node: '>=22.19' },
    publishConfig: { access: 'public', provenance: true },
    repository: { url: 'git+https://host.example/a.git' },
    dependencies: { '@signalbox/core': '^1.0.0' },
    exports: {
      '.': { '@signalbox/source': './src/index.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
  },
  tarball: 'a.tgz',
  size: 1,
  integrity: '',
};
const files = ['LICENSE', 'README.md', 'package.json', 'dist/index.js'];

describe('a package that goes out', () => {
  it('has nothing against it', () => expect(publishingProblems(good, files)).toEqual([]));

  it.each([
    [{ private: true }, files, /is private/],
    [{ publishConfig: { access: 'public' } }, files, /provenance is not true/],
    [{ publishConfig: { provenance: true } }, files, /access is not "public"/],
    [{ dependencies: { '@signalbox/core': 'workspace:^' } }, files, /a range of the workspace/],
    [{ dependencies: { zod: 'catalog:' } }, files, /a range of the workspace/],
    [{}, files.filter((file) => file !== 'LICENSE'), /has no LICENSE/],
    [{}, files.filter((file) => file !== 'dist/index.js'), /has no dist\/index\.js/],
    [{ bin: { a: 'dist/a.js' } }, files, /has no dist\/a\.js/],
    [{}, [...files, 'test/a.test.ts'], /files that nobody needs: test\/a\.test\.ts/],
  ])('%j is told', (change, packed, sentence) => {
    const problems = publishingProblems({ ...good, manifest: { ...good.manifest, ...change } }, packed);
    expect(problems).toEqual([expect.stringMatching(sentence)]);
  });
});

it.each([
  ['../../node_modules/.pnpm/undici@8.12.4/node_modules/undici/index.js', 'undici'],
  [
    '../../node_modules/.pnpm/@hono+node-server@2.1.8/node_modules/@hono/node-server/dist/index.mjs',
    '@hono/node-server',
  ],
  ['../../packages/core/src/index.ts', '@signalbox/core'],
  ['../gateway/src/index.ts', '@signalbox/gateway'],
  ['../../apps/gateway/src/index.ts', '@signalbox/gateway'],
  ['src/cli.ts', undefined],
])('the file %s of a bundle belongs to %s', (path, name) => expect(packageOf(path)).toBe(name));

it('a bill holds the bundled components and the arrows between them', () => {
  const component = (name: string, group?: string) => ({
    'bom-ref': name,
    name,
    ...(group === undefined ? {} : { group }),
  });
  const bill = {
    metadata: { component: { 'bom-ref': 'program' } },
    components: [component('core', '@signalbox'), component('undici'), component('test-tool')],
    dependencies: [
      { ref: 'program', dependsOn: ['core', 'test-tool'] },
      { ref: 'core', dependsOn: ['undici'] },
      { ref: 'test-tool', dependsOn: [] },
    ],
  };
  const only = onlyOf(bill, new Set(['@signalbox/core', 'undici']));
  expect(only.components.map(({ name }) => name)).toEqual(['core', 'undici']);
  expect(only.dependencies).toEqual([
    { ref: 'program', dependsOn: ['core'] },
    { ref: 'core', dependsOn: ['undici'] },
  ]);
});
