import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { importsOf, type WorkspacePackage, workspacePackages } from './workspace.ts';

/** Which packages a package may use: arrows of the plan. `*` at the end stands for any ending. */
interface Arrows {
  readonly uses: readonly string[];
  /** In tests only. */
  readonly tests?: readonly string[];
}

/** What `setup` puts together. */
const SERVICES = [
  'router',
  'strategies',
  'task-analysis',
  'model-catalog',
  'config',
  'cost-tracker',
  'cache',
  'rate-limit',
  'redaction',
];

const ARROWS: readonly (readonly [folder: string, arrows: Arrows])[] = [
  ['core', { uses: [] }],
  ['format-*', { uses: ['core'], tests: ['conformance'] }],
  ['provider-kit', { uses: ['core'] }],
  ['provider-*', { uses: ['core', 'provider-kit', 'format-*'], tests: ['conformance', 'simulator'] }],
  ['create-provider', { uses: [], tests: ['core', 'conformance', 'provider-kit', 'format-*'] }],
  ['conformance', { uses: ['core'] }],
  ['simulator', { uses: ['core'] }],
  ['model-catalog', { uses: ['core'] }],
  ['task-analysis', { uses: ['core'] }],
  ['strategies', { uses: ['core'] }],
  ['router', { uses: ['core'] }],
  ['config', { uses: ['core'] }],
  ['cost-tracker', { uses: ['core'] }],
  ['cache', { uses: ['core'] }],
  ['rate-limit', { uses: ['core'] }],
  ['batch', { uses: ['core'] }],
  ['redaction', { uses: ['core'] }],
  ['store-*', { uses: ['core'] }],
  // Stores come in as ports: who wants SQLite brings it.
  ['setup', { uses: ['core', ...SERVICES], tests: ['provider-kit', 'format-*', 'simulator', 'store-*'] }],
  ['gateway', { uses: ['core', 'setup', 'router', 'format-*'], tests: ['config', 'provider-*', 'simulator'] }],
  [
    'cli',
    { uses: ['core', 'setup', ...SERVICES, 'batch', 'store-*', 'provider-*', 'simulator', 'gateway'], tests: [] },
  ],
];

const packages = workspacePackages();
const byNpmName = new Map(packages.map((one) => [one.manifest.name, one]));

const fits = (name: string, pattern: string) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

function arrowsOf(name: string): Arrows {
  const found = ARROWS.find(([pattern]) => fits(name, pattern));
  if (found === undefined)
    throw new Error(`${name} has no place in the plan: give it one in ARROWS and in docs/architecture.md`);
  return found[1];
}

const workspaceNames = (dependencies: Readonly<Record<string, string>> | undefined) =>
  Object.keys(dependencies ?? {})
    .map((npmName) => byNpmName.get(npmName)?.name)
    .filter((name) => name !== undefined);

/** A published bundle carries its packages as development dependencies. */
const isBundle = (one: WorkspacePackage) => one.name === 'cli';

describe.each(packages)('$folder', (one) => {
  const arrows = arrowsOf(one.name);
  const allowed = (name: string, tests: boolean) =>
    [...arrows.uses, ...(tests ? (arrows.tests ?? []) : [])].some((pattern) => fits(name, pattern)) &&
    name !== one.name;

  it('depends only on what the plan lets it depend on', () => {
    expect(workspaceNames(one.manifest.dependencies).filter((name) => !allowed(name, false))).toEqual([]);
    expect(workspaceNames(one.manifest.devDependencies).filter((name) => !allowed(name, true))).toEqual([]);
  });

  it('does not depend on a sibling provider, not even in tests', () => {
    if (!one.name.startsWith('provider-')) return;
    const all = workspaceNames({ ...one.manifest.dependencies, ...one.manifest.devDependencies });
    expect(all.filter((name) => name.startsWith('provider-') && name !== 'provider-kit')).toEqual([]);
  });

  it('declares every package that its sources import', () => {
    const { manifest } = one;
    const declared = new Set(
      Object.keys({
        ...manifest.dependencies,
        ...manifest.peerDependencies,
        ...manifest.optionalDependencies,
        ...(isBundle(one) ? manifest.devDependencies : {}),
      }),
    );
    const strangers = importsOf(one.path, 'src').filter(
      ({ module }) => isForeign(module) && !declared.has(npmName(module)),
    );
    expect(strangers).toEqual([]);
  });

  it('imports other workspace packages in tests only where the plan lets it', () => {
    const strangers = importsOf(one.path, 'test').filter(({ module }) => {
      const target = byNpmName.get(npmName(module));
      return target !== undefined && target.name !== one.name && !allowed(target.name, true);
    });
    expect(strangers).toEqual([]);
  });
});

it('core has no dependency and does no I/O', () => {
  const core = packages.find((one) => one.name === 'core');
  expect(core?.manifest.dependencies ?? {}).toEqual({});
  expect(
    importsOf(core?.path ?? '', 'src').filter(({ module }) => isForeign(module) || module.startsWith('node:')),
  ).toEqual([]);
});

it('formats and strategies are pure: they import core and nothing else', () => {
  const pure = packages.filter(
    (one) => one.name.startsWith('format-') || one.name === 'strategies' || one.name === 'router',
  );
  for (const one of pure) {
    const modules = importsOf(one.path, 'src').filter(
      ({ module }) => !module.startsWith('.') && module !== '@signalbox/core',
    );
    expect(modules, one.folder).toEqual([]);
  }
});

it('the arrows run in one direction, tests included', () => {
  const state = new Map<string, 'open' | 'done'>();
  const cycle: string[] = [];
  function visit(name: string, trail: readonly string[]): void {
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open') {
      cycle.push([...trail, name].join(' -> '));
      return;
    }
    state.set(name, 'open');
    const manifest = packages.find((one) => one.name === name)?.manifest;
    for (const next of workspaceNames({ ...manifest?.dependencies, ...manifest?.devDependencies }))
      visit(next, [...trail, name]);
    state.set(name, 'done');
  }
  for (const one of packages) visit(one.name, []);
  expect(cycle).toEqual([]);
});

it('a router with one provider installs exactly five packages', () => {
  const closure = new Set<string>();
  const add = (name: string) => {
    if (closure.has(name)) return;
    closure.add(name);
    for (const next of workspaceNames(packages.find((one) => one.name === name)?.manifest.dependencies)) add(next);
  };
  add('router');
  add('provider-anthropic');
  expect([...closure].sort()).toEqual(['core', 'format-anthropic', 'provider-anthropic', 'provider-kit', 'router']);
});

function isForeign(module: string): boolean {
  return !module.startsWith('.') && !module.startsWith('node:') && !builtinModules.includes(module);
}

function npmName(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
}
