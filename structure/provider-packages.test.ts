import { describe, expect, it } from 'vitest';
import { bundledProviders, providerTypes } from '../apps/cli/src/configuration/bundled-providers.ts';
import { providerPackageOf } from '../packages/setup/src/provider-packages.ts';
import { importsOf, workspacePackages } from './workspace.ts';

// `setup` depends on no provider, so it can only name the packages that bring one: this is where the names are compared.
describe('the package to install that an error names', () => {
  const cli = workspacePackages().find((one) => one.name === 'cli');
  const bundled = new Set(importsOf(cli?.path ?? '', 'src').map(({ module }) => module));
  /** Made in the program itself, out of parts. */
  const own = ['gemini-compatible'];

  it.each(Object.keys({ ...bundledProviders, ...providerTypes }).filter((name) => !own.includes(name)))(
    'is known for %s, and is one that the program bundles',
    (name) => {
      expect(bundled).toContain(providerPackageOf(name));
    },
  );

  it('is unknown for names of strangers', () => {
    expect(providerPackageOf('acme')).toBeUndefined();
    expect(providerPackageOf('toString')).toBeUndefined();
  });
});
