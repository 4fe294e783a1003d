import type { ChildProcess } from 'node:child_process';
import { processTree } from './process-tree.ts';

const children = new Set<ChildProcess>();
let watching = false;

/** Whoever breaks a bench off leaves no program of it behind: its processes end with this one, by their own ids. */
export function killAtExit(child: ChildProcess): void {
  if (!watching) {
    watching = true;
    process.on('exit', killAll);
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
  }
  children.add(child);
  child.once('exit', () => children.delete(child));
}

function killAll(): void {
  for (const { pid } of children) {
    if (pid === undefined) continue;
    for (const one of processTree(pid)) {
      try {
        process.kill(one, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  }
}
