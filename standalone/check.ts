import type { EmptyProject } from './empty-project.ts';
import type { PackedPackage } from './packed-packages.ts';

/** What a check has at hand. */
export interface Scene {
  readonly packages: readonly PackedPackage[];
  /** Address of the registry that has our packages. */
  readonly registry: string;
  /** Address of the simulator that answers in the providers' place. */
  readonly simulator: string;
  /** An empty project of a name, made anew. */
  project(name: string): EmptyProject;
}

/** One thing that must work outside of the workspace. */
export interface Check {
  readonly name: string;
  /** Throws an Error that says what is wrong; gives a few words on what was seen. */
  run(scene: Scene): Promise<string>;
}

/** Throws where npm installed anything else than these: ours by folder, others by name. */
export function requireInstalled(
  project: EmptyProject,
  ours: readonly string[],
  strangers: readonly string[] | undefined,
): void {
  const installed = project.installed();
  requireSame(
    'packages of ours',
    installed.filter((name) => name.startsWith('@signalbox/')),
    ours.map((folder) => `@signalbox/${folder}`),
  );
  if (strangers === undefined) return;
  requireSame(
    'packages of others',
    installed.filter((name) => !name.startsWith('@signalbox/')),
    strangers,
  );
}

function requireSame(what: string, found: readonly string[], expected: readonly string[]): void {
  const [seen, wanted] = [[...found].sort().join(' '), [...expected].sort().join(' ')];
  if (seen !== wanted) throw new Error(`${what}: expected ${wanted}; npm installed ${seen}`);
}

/** Throws where a text does not hold what it should. */
export function requireText(what: string, text: string, pattern: RegExp): void {
  if (!pattern.test(text)) throw new Error(`${what}: expected ${pattern}, found ${JSON.stringify(text.slice(0, 600))}`);
}
