import pc from 'picocolors';
import { writeOut } from '../tasks/progress.ts';
import type { Contestant, Entry } from './contestant.ts';
import { type ComparisonView, nameOf } from './view.ts';

/** Answers one below the other: the first one is seen as it comes, the others when those before them are whole. For pipes and narrow terminals. */
export function createBlockView(contestants: readonly Contestant[], terminal: boolean): ComparisonView {
  const colors = pc.createColors(terminal && process.env.NO_COLOR === undefined);
  const waiting = contestants.map((): string[] => []);
  const entries = contestants.map((): Entry | undefined => undefined);
  let next = 0;
  let titled = -1;
  let endsInLineBreak = true;
  let writing: Promise<void> = Promise.resolve();

  const write = (text: string) => {
    if (text === '') return;
    endsInLineBreak = text.endsWith('\n');
    writing = writing.then(() => writeOut(text));
  };

  /** Shows as much as is there of the answer whose turn it is, and goes on to the next when it is whole. */
  function advance(): void {
    for (;;) {
      const [contestant, texts, entry] = [contestants[next], waiting[next], entries[next]];
      if (contestant === undefined || texts === undefined) return;
      if (titled < next) {
        if (texts.length === 0 && entry === undefined) return;
        titled = next;
        const title = nameOf(contestant, entry);
        write(terminal ? `${colors.bold(title)}\n` : `==> ${title} <==\n`);
      }
      write(texts.splice(0).join(''));
      if (entry === undefined) return;
      if (!endsInLineBreak) write('\n');
      if (entry.problem !== undefined) write(`${colors.red('failed:')} ${entry.problem}\n`);
      write('\n');
      next += 1;
    }
  }

  return {
    text(place, text) {
      waiting[place]?.push(text);
      if (place === next) advance();
    },
    over(place, entry) {
      entries[place] = entry;
      advance();
    },
    end: () => writing,
  };
}
