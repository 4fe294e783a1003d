import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChildProgram, startProgram } from './child-program.ts';
import { runLoad, WORKLOADS } from './load.ts';
import { median } from './median.ts';

export interface GatewayCpuRow {
  readonly workload: string;
  /** Median CPU microseconds per request. */
  readonly bare: number;
  readonly gateway: number;
  /** Median of the rounds' own ratios. */
  readonly ratio: number;
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * CPU per request of the built gateway program (exact model, byte lane, with accounting) and of a bare proxy. Both run at once and
 * are loaded in turns, round by round, so that a drifting machine drifts for both. Linux only: it reads /proc.
 */
export async function measureGatewayCpu(rounds: number): Promise<GatewayCpuRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const programs: ChildProgram[] = [];
  const start = async (words: readonly string[], env?: Readonly<Record<string, string>>) => {
    const program = await startProgram(words, env);
    programs.push(program);
    return program;
  };
  try {
    const upstream = await start([here('upstream.ts')]);
    const bare = await start([here('bare-proxy.mjs'), upstream.url]);
    const config = join(folder, 'router-config.yml');
    writeFileSync(config, `providers:\n  openai: { endpoint: "${upstream.url}", api_key: k, models: [gpt-4o-mini] }\n`);
    const gateway = await start([here('../apps/cli/dist/cli.js'), 'serve', '--port', '0', '--config', config], {
      HOME: folder,
    });
    const rows: GatewayCpuRow[] = [];
    for (const workload of WORKLOADS) {
      const cost = async (program: ChildProgram) => {
        const before = program.cpuMicroseconds();
        await runLoad(program.url, workload);
        return (program.cpuMicroseconds() - before) / workload.requests;
      };
      await cost(bare);
      await cost(gateway);
      const pairs: { bare: number; gateway: number }[] = [];
      for (let round = 0; round < rounds; round += 1)
        pairs.push({ bare: await cost(bare), gateway: await cost(gateway) });
      rows.push({
        workload: workload.name,
        bare: median(pairs.map((pair) => pair.bare)),
        gateway: median(pairs.map((pair) => pair.gateway)),
        ratio: median(pairs.map((pair) => pair.gateway / pair.bare)),
      });
    }
    return rows;
  } finally {
    await Promise.all(programs.map((program) => program.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}
