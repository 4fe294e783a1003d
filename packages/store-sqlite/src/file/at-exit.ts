const tasks = new Set<() => void>();

function runAll(): void {
  for (const task of tasks) task();
}

/**
 * Has something done when the process ends. One listener does it for all who ask: a gateway whose configuration changes often has many ledgers for a while, and Node
 * takes the eleventh listener for a leak.
 */
export function atExit(task: () => void): void {
  if (tasks.size === 0) process.on('exit', runAll);
  tasks.add(task);
}

/** Takes it back. */
export function notAtExit(task: () => void): void {
  tasks.delete(task);
  if (tasks.size === 0) process.off('exit', runAll);
}
