import { type Progress, writeOut } from './progress.ts';
import { durationText, figuresText, remainingMs } from './tally.ts';

export interface ProgressOptions {
  /** Nothing but what `say` says. */
  readonly quiet: boolean;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly write: (text: string) => void;
}

/** Progress for a pipe or a file: a line for each task that is over, and nothing that moves. */
export function createPlainProgress({ quiet, now, write }: ProgressOptions): Progress {
  const startedAt = now();
  const titles = new Map<number, string>();
  return {
    started: (id, [first = '', ...others]) =>
      titles.set(id, others.length === 0 ? first : `${first} and ${others.length} more`),
    text: () => undefined,
    waiting(id, milliseconds) {
      if (!quiet) write(`${titles.get(id)}: waits ${durationText(milliseconds)} for a rate limit\n`);
    },
    over: (id) => titles.delete(id),
    settled(title, result, tally) {
      if (quiet) return;
      const place = `[${tally.answered + tally.failed}/${tally.tasks}]`;
      if (result.outcome === 'failed') return write(`${place} ${title}: failed: ${result.problem}\n`);
      if (result.kept === true) return write(`${place} ${title}: answered by an earlier run\n`);
      const left = remainingMs(tally, now() - startedAt);
      const { candidate = '', sharedBy, figures } = { ...result.figures, figures: result.figures };
      const shared = sharedBy === undefined ? '' : ` (one request for ${sharedBy})`;
      const parts = [
        `${candidate}${shared}`,
        ...(figures.cost === undefined && figures.usage === undefined
          ? []
          : [figuresText({ ...figures, usage: figures.usage, cost: figures.cost ?? 0 })]),
        durationText(figures.durationMs),
        ...(left === undefined ? [] : [`about ${durationText(left)} left`]),
      ];
      write(`${place} ${title}: ${parts.join(' · ')}\n`);
    },
    say(sentence) {
      if (!quiet) write(`${sentence}\n`);
    },
    print: writeOut,
    end: () => undefined,
  };
}
