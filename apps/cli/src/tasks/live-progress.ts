import { estimateTokens } from '@signalbox/core';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { fitText } from '../terminal/fit-text.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';
import { type Progress, writeOut } from './progress.ts';
import { countText, durationText, emptyTally, figuresText, remainingMs, type Tally } from './tally.ts';

interface Running {
  readonly titles: readonly string[];
  readonly startedAt: number;
  tokens: number;
  waitsUntil: number | undefined;
}

/** Milliseconds between two pictures. */
const FRAME = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** Lines of running requests at most: the answers above them are why people look. */
const MOST_LINES = 8;

/**
 * Progress for a terminal: a line for each running request and one for the whole, redrawn in place; failures stay above. `showsAnswers`: the standard output is the same
 * terminal, so that the answers themselves tell what is done.
 */
export function createLiveProgress(tasks: number, stream: NodeJS.WriteStream, showsAnswers: boolean): Progress {
  const log = createLogUpdate(stream, { showCursor: true });
  const colors = pc.createColors(process.env.NO_COLOR === undefined);
  const startedAt = Date.now();
  const running = new Map<number, Running>();
  let tally: Tally = emptyTally(tasks);
  let frame = 0;
  let isPrinting = false;

  function draw(): void {
    if (isPrinting) return;
    const width = Math.max(20, (terminalWidth(stream) ?? 80) - 1);
    const now = Date.now();
    const shown = [...running.values()].slice(0, MOST_LINES);
    const lines = shown.map(({ titles, startedAt: from, tokens, waitsUntil }) => {
      const [first = '', ...others] = titles;
      const figures =
        waitsUntil !== undefined && waitsUntil > now
          ? `waits for a rate limit, ${durationText(waitsUntil - now)}`
          : `${tokens === 0 ? 'asked' : `${countText(tokens)} tokens`} · ${durationText(now - from)}`;
      const more = others.length === 0 ? '' : ` +${others.length}`;
      const room = width - figures.length - more.length - 5;
      return `${colors.cyan(SPINNER[frame % SPINNER.length] ?? '')} ${fitText(first, Math.max(8, room), 'start')}${more}  ${colors.dim(figures)}`;
    });
    if (running.size > shown.length) lines.push(colors.dim(`  and ${running.size - shown.length} more`));
    const left = remainingMs(tally, now - startedAt);
    const over = tally.answered + tally.failed;
    const total = [
      `${over} of ${tally.tasks}`,
      ...(tally.failed === 0 ? [] : [`${tally.failed} failed`]),
      ...(over === 0 ? [] : [figuresText(tally)]),
      ...(left === undefined ? [] : [`about ${durationText(left)} left`]),
    ].join(' · ');
    log([...lines, fitText(total, width, 'end')].join('\n'));
  }

  const timer = setInterval(() => {
    frame += 1;
    draw();
  }, FRAME);
  timer.unref();

  function above(line: string): void {
    log.clear();
    stream.write(`${line}\n`);
    draw();
  }

  return {
    started(id, titles) {
      running.set(id, { titles, startedAt: Date.now(), tokens: 0, waitsUntil: undefined });
      draw();
    },
    text(id, text) {
      const one = running.get(id);
      if (one !== undefined) one.tokens += estimateTokens(text);
    },
    waiting(id, milliseconds) {
      const one = running.get(id);
      if (one !== undefined) one.waitsUntil = Date.now() + milliseconds;
    },
    over: (id) => running.delete(id),
    settled(title, result, now) {
      tally = now;
      if (result.outcome === 'failed') {
        const text = wrapped(`✗ ${title}: ${result.problem}`, terminalWidth(stream), '  ');
        above(`${colors.red('✗')}${text.slice(1)}`);
      } else if (!showsAnswers && result.kept !== true) {
        const { cost = 0, ...figures } = result.figures;
        const width = (terminalWidth(stream) ?? 80) - 1;
        const parts = [
          durationText(figures.durationMs),
          figuresText({ ...figures, usage: figures.usage, cost }),
          result.figures.candidate,
        ];
        above(`${colors.green('✓')} ${fitText(`${title}  ${parts.join(' · ')}`, width - 2, 'end')}`);
      }
      draw();
    },
    say: (sentence) => above(wrapped(sentence, terminalWidth(stream), '  ')),
    async print(text) {
      isPrinting = true;
      log.clear();
      await writeOut(text);
      isPrinting = false;
      draw();
    },
    end() {
      clearInterval(timer);
      log.clear();
      log.done();
    },
  };
}
