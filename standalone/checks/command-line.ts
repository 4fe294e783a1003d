import { join } from 'node:path';
import { type Check, requireText, type Scene } from '../check.ts';
import type { EmptyProject, Ended } from '../empty-project.ts';

/**
 * `npx signalbox …` with the packed program: npm asks the loopback registry for it, and needs no other since it has no dependency.
 * npm keeps what it once fetched by name and version, so it gets a cache of its own here.
 */
export function signalbox(
  { registry }: Scene,
  { folder, run }: EmptyProject,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const home = join(folder, '.home');
  const npm = ['exec', '--yes', '--registry', registry, '--cache', join(folder, '.npm-cache'), '--', 'signalbox'];
  return run('npm', [...npm, ...words], { HOME: home, USERPROFILE: home, ...env });
}

export const commandLine: Check = {
  name: 'npx signalbox',
  async run(scene) {
    const empty = scene.project('command-line');
    const version = await signalbox(scene, empty, ['--version']);
    const packed = scene.packages.find((one) => one.name === 'signalbox')?.version;
    if (version.stdout.trim() !== packed) throw new Error(`--version printed ${version.stdout}${version.stderr}`);
    const made = await signalbox(scene, empty, ['What is the capital of Portugal?']);
    requireText('the answer without a key', made.stdout, /simulated/);
    requireText('who answered', made.stderr, /→ anthropic\//);
    empty.write(
      '.claude-code/router-config.yml',
      `providers:\n  openai: { endpoint: "${scene.simulator}", api_key: sample, models: [gpt-4-turbo] }\n`,
    );
    const called = await signalbox(scene, empty, ['--json', 'Hello']);
    requireText('the answer over HTTP', called.stdout, /"provider": ?"openai"/);
    return `${packed}, answers without a key and over HTTP`;
  },
};
