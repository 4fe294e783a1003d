// npm run release:dry: everything as it would go out, without sending it anywhere.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { versionPackages } from '../scripts/version-packages.ts';
import { type PackedPackage, packPackages, root } from '../standalone/packed-packages.ts';
import { writeBills } from './bill-of-materials.ts';
import { filesOf, publishingProblems } from './publishable.ts';
import { copyForPlanning, versionsIn } from './scratch-copy.ts';

const output = fileURLToPath(new URL('output/', import.meta.url));

/** The versions that the waiting changesets would give. */
function plannedVersions(): ReadonlyMap<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-release-'));
  try {
    copyForPlanning(root, folder);
    if (versionPackages(folder) !== 0) throw new Error('the changesets give no versions');
    return versionsIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  rmSync(output, { recursive: true, force: true });
  for (const folder of ['tarballs', 'sbom']) mkdirSync(join(output, folder), { recursive: true });
  const planned = plannedVersions();
  const packages = await packPackages(join(output, 'tarballs'));
  const bills = await writeBills(
    join(output, 'sbom'),
    packages.map(({ name }) => name),
  );
  const problems: string[] = [];
  for (const one of packages) {
    const files = filesOf(one);
    problems.push(...publishingProblems(one, files));
    console.log(line(one, planned.get(one.name), files.length, bills.get(one.name) ?? 0));
  }
  for (const problem of problems) console.error(`problem: ${problem}`);
  console.log(
    `${packages.length} packages in ${output}tarballs, their bills of materials (CycloneDX 1.6) in ${output}sbom; ${problems.length} problems`,
  );
  return problems.length === 0 ? 0 : 1;
}

function line(
  { name, version, size, manifest }: PackedPackage,
  planned: string | undefined,
  files: number,
  parts: number,
): string {
  const { access, provenance } = manifest.publishConfig as { access?: string; provenance?: boolean };
  const versions = planned === undefined || planned === version ? `${version} (stays)` : `${version} → ${planned}`;
  const settings = `${access}${provenance === true ? ', provenance' : ''}`;
  return `${name.padEnd(38)} ${versions.padEnd(16)} ${String(Math.ceil(size / 1_000)).padStart(5)} kB ${String(files).padStart(4)} files ${String(parts).padStart(3)} components  ${settings}`;
}

process.exitCode = await main();
