import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** A package as it would be published. */
export interface PackedPackage {
  readonly name: string;
  readonly version: string;
  /** The manifest inside the tarball: versions in the place of `workspace:^` and `catalog:`. */
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tarball: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** As a registry states it: `sha512-` and base64. */
  readonly integrity: string;
}

/** Packs every package of the workspace into a folder. The builds are taken as they are. */
export async function packPackages(folder: string): Promise<readonly PackedPackage[]> {
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.mjs');
  const words = [pnpm, '-r', '--filter', './packages/*', '--filter', './apps/*', 'pack', '--pack-destination', folder];
  await promisify(execFile)(process.execPath, words, { cwd: root });
  const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  return Promise.all(tarballs.sort().map((name) => readPacked(join(folder, name))));
}

async function readPacked(tarball: string): Promise<PackedPackage> {
  const bytes = readFileSync(tarball);
  const { stdout } = await promisify(execFile)('tar', ['-xzOf', tarball, 'package/package.json']);
  const manifest = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  return {
    name: String(manifest.name),
    version: String(manifest.version),
    manifest,
    tarball,
    size: bytes.length,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
  };
}
