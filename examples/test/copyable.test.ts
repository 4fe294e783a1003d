import { existsSync, globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examplesFolder } from './run-example.ts';

interface Manifest {
  readonly name: string;
  readonly private: boolean;
  readonly scripts: { readonly start: string };
  readonly dependencies: Readonly<Record<string, string>>;
}

const names = globSync(`${examplesFolder}*/package.json`).map((file) => dirname(file).slice(examplesFolder.length));

it('there are ten, and the index lists each', () => {
  const index = readFileSync(`${examplesFolder}README.md`, 'utf8');
  expect(names.length).toBeGreaterThanOrEqual(10);
  for (const name of names) expect(index, name).toContain(`[${name}](${name}/)`);
});

// What a person copies is the folder: nothing in it may need what stands around it.
describe.each(names)('%s', (name) => {
  const folder = `${examplesFolder}${name}`;
  const manifest = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as Manifest;
  const imports = globSync(`${folder}/*.ts`).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^'";]*?from '([^']+)'/gms)].map(
      ([, module = '']) => ({
        file,
        module,
      }),
    ),
  );

  it('imports packages by their names, each one declared, and its own files', () => {
    expect(imports.length).toBeGreaterThan(0);
    const used = new Set<string>();
    for (const { file, module } of imports) {
      if (isBuiltin(module)) continue;
      if (module.startsWith('.')) expect(resolve(dirname(file), module), module).toMatch(new RegExp(`^${folder}/`));
      else used.add(module.split('/', module.startsWith('@') ? 2 : 1).join('/'));
    }
    expect([...used].sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('is a package of its own that says how it is run', () => {
    expect(manifest).toMatchObject({ name: `@signalbox-examples/${name}`, private: true });
    expect(existsSync(`${folder}/${manifest.scripts.start.replace(/^node /, '')}`)).toBe(true);
    expect(readFileSync(`${folder}/README.md`, 'utf8')).toMatch(/npm start/);
  });
});
