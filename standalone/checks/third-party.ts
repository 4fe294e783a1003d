import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, requireText } from '../check.ts';
import type { Ended } from '../empty-project.ts';
import { signalbox } from './command-line.ts';

const succeeded = (what: string, { code, stdout, stderr }: Ended): void => {
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${`${stdout}\n${stderr}`.trim().slice(-2_000)}`);
};

export const thirdParty: Check = {
  name: "a third party's provider: created, tested, packed, installed, trusted, called",
  async run(scene) {
    const workshop = scene.project('workshop');
    const cache = ['--cache', join(workshop.folder, '.npm-cache')];
    const words = ['acme', '--', '--endpoint', scene.simulator, '--folder', 'acme'];
    succeeded(
      'npm create @signalbox/provider',
      await workshop.run('npm', ['create', '--yes', ...cache, '@signalbox/provider', ...words]),
    );
    // Before it is one: a folder below the project, whose .npmrc holds for it too.
    const acme = join(workshop.folder, 'acme');
    const npm = (...args: readonly string[]) => workshop.run('npm', ['--prefix', acme, ...args]);
    succeeded('npm install', await npm('install', '--ignore-scripts'));
    succeeded('npm test', await npm('test'));
    succeeded('npm run build', await npm('run', 'build'));
    succeeded('npm pack', await workshop.run('npm', ['pack', '--ignore-scripts', './acme']));
    const tarball = readdirSync(workshop.folder).find((name) => name.endsWith('.tgz'));
    if (tarball === undefined) throw new Error('npm pack left no tarball');

    const empty = scene.project('third-party');
    await empty.install(join(workshop.folder, tarball));
    empty.write(
      '.claude-code/router-config.yml',
      'providers:\n  acme: { package: signalbox-provider-acme, api_key: sample, models: [acme-1] }\n',
    );
    const refused = await signalbox(scene, empty, ['--json', 'Hello']);
    if (refused.code === 0) throw new Error('code of a stranger ran without trust');
    requireText('before it is trusted', refused.stderr, /is not trusted.*signalbox trust/);
    succeeded('signalbox trust', await signalbox(scene, empty, ['trust']));
    const called = await signalbox(scene, empty, ['--json', 'Hello']);
    requireText('once it is trusted', called.stdout + called.stderr, /"provider": ?"acme"/);
    return 'refused before trust, answers after it';
  },
};
