import type { Tally } from './tally.ts';
import type { TaskResult } from './task.ts';

/** What a run of many tasks shows of itself on stderr, and how it prints beside that. */
export interface Progress {
  /** A request for these tasks has begun. */
  started(id: number, titles: readonly string[]): void;
  /** Text of its answer came. */
  text(id: number, text: string): void;
  /** It waits so long for a rate limit. */
  waiting(id: number, milliseconds: number): void;
  /** The request is over. */
  over(id: number): void;
  settled(title: string, result: TaskResult, tally: Tally): void;
  /** A sentence that stays. */
  say(sentence: string): void;
  /** Writes to the standard output without getting in the way of what is shown. */
  print(text: string): Promise<void>;
  end(): void;
}

/** Writes to the standard output, and waits where its reader is slow. */
export async function writeOut(text: string): Promise<void> {
  if (text === '' || process.stdout.write(text)) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      process.stdout.off('drain', go);
      process.stdout.off('error', go);
      process.stdout.off('close', go);
      resolve();
    };
    for (const event of ['drain', 'error', 'close']) process.stdout.once(event, go);
  });
}
