import { readdirSync, readFileSync } from 'node:fs';

/** What a program has used: CPU time in nanoseconds of each thread of each of its processes, by the thread's id. */
export type CpuSnapshot = ReadonlyMap<number, number>;

/** A process and all that descend from it. Linux only, as everything here: it reads /proc. */
export function processTree(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const one = Number(name);
    if (!Number.isInteger(one)) continue;
    // The parent is the second field behind the program's name, which may hold blanks and brackets.
    const stat = textOf(`/proc/${one}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), one]);
  }
  const tree = [pid];
  for (const one of tree) tree.push(...(children.get(one) ?? []));
  return tree;
}

/** The kernel's own count of CPU time, user and system, which is finer than the ticks of /proc/PID/stat. */
export function cpuSnapshot(pid: number): CpuSnapshot {
  const used = new Map<number, number>();
  for (const one of processTree(pid)) {
    for (const thread of threadsOf(one)) {
      used.set(Number(thread), Number(textOf(`/proc/${one}/task/${thread}/schedstat`).split(' ')[0]));
    }
  }
  return used;
}

/** CPU microseconds between two looks at a program. What a thread used that ended in between is not in it. */
export function cpuMicrosecondsBetween(before: CpuSnapshot, after: CpuSnapshot): number {
  let nanoseconds = 0;
  for (const [thread, used] of after) nanoseconds += used - (before.get(thread) ?? 0);
  return nanoseconds / 1_000;
}

/** Memory of a program and all its processes that lies in RAM (VmRSS), in bytes. */
export function residentBytes(pid: number): number {
  return processTree(pid)
    .map((one) => Number(textOf(`/proc/${one}/status`).match(/^VmRSS:\s+(\d+) kB$/m)?.[1] ?? 0) * 1_024)
    .reduce((sum, one) => sum + one, 0);
}

/** Empty where the process has ended meanwhile. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
