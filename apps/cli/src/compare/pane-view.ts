import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { durationText } from '../tasks/tally.ts';
import { fitText } from '../terminal/fit-text.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import type { Contestant, Entry } from './contestant.ts';
import { type ComparisonView, columnWidth, GAP, nameOf } from './view.ts';

/** Milliseconds between two pictures at least. */
const FRAME = 80;
/** Characters of an answer that can fill a pane: the rest of a long one need not be wrapped for each picture. */
const TAIL = 20_000;

/** Answers side by side: while they come the end of each, and in the end the whole of each. Control characters of an answer never reach the terminal. */
export function createPaneView(contestants: readonly Contestant[], stream: NodeJS.WriteStream): ComparisonView {
  const log = createLogUpdate(stream, { showCursor: true });
  const colors = pc.createColors(process.env.NO_COLOR === undefined);
  const startedAt = Date.now();
  const answers = contestants.map(() => '');
  const entries = contestants.map((): Entry | undefined => undefined);
  let drawnAt = 0;
  const timer = setInterval(draw, FRAME * 2);
  timer.unref();

  function draw(): void {
    const height = Math.max(5, (stream.rows ?? 24) - 3);
    drawnAt = Date.now();
    const columns = contestants.map((contestant, place) => column(contestant, place, height - 1, TAIL));
    log(sideBySide(columns, height));
  }

  function column(contestant: Contestant, place: number, height: number, tail: number): readonly string[] {
    const width = columnWidth(contestants.length, terminalWidth(stream) ?? 80) ?? 20;
    const entry = entries[place];
    const answer = answers[place] ?? '';
    const state =
      entry === undefined
        ? `${answer === '' ? 'asked' : 'answering'} · ${durationText(Date.now() - startedAt)}`
        : entry.problem === undefined
          ? `done · ${durationText(entry.totalMs)}`
          : 'failed';
    const room = Math.max(8, width - state.length - 2);
    const title = fitText(nameOf(contestant, entry), room, 'end');
    const lines = wrapped(answer.slice(-tail), width);
    if (entry?.problem !== undefined) lines.push(...wrapped(`failed: ${entry.problem}`, width).map(colors.red));
    const head = `${colors.bold(title)}${' '.repeat(Math.max(1, width - stringWidth(title) - state.length))}${colors.dim(state)}`;
    return [head, ...lines.slice(-height)];
  }

  function sideBySide(columns: readonly (readonly string[])[], height: number): string {
    const width = columnWidth(contestants.length, terminalWidth(stream) ?? 80) ?? 20;
    const rows: string[] = [];
    const used = Math.min(height, Math.max(...columns.map((lines) => lines.length)));
    for (let row = 0; row < used; row += 1) {
      const cells = columns.map((lines, place) => {
        const cell = lines[row] ?? '';
        const isLast = place === columns.length - 1;
        return isLast ? cell : `${cell}${' '.repeat(Math.max(0, width - stringWidth(cell)))}`;
      });
      rows.push(cells.join(' '.repeat(GAP)).trimEnd());
    }
    return rows.join('\n');
  }

  return {
    text(place, text) {
      answers[place] += text;
      if (Date.now() - drawnAt >= FRAME) draw();
    },
    over(place, entry) {
      entries[place] = entry;
      draw();
    },
    async end() {
      clearInterval(timer);
      log.clear();
      log.done();
      const columns = contestants.map((contestant, place) =>
        column(contestant, place, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
      );
      stream.write(`${sideBySide(columns, Number.POSITIVE_INFINITY)}\n\n`);
    },
  };
}

/** Lines of a width; a long word is cut. */
function wrapped(text: string, width: number): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get through.
  const safe = text.replaceAll('\t', '    ').replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '');
  if (safe === '') return [];
  // Each line by itself, so that a blank at which one was broken can be told from the indent that an answer gave its lines.
  return safe
    .trimEnd()
    .split('\n')
    .flatMap((line) =>
      wrapAnsi(line, width, { hard: true, trim: false })
        .split('\n')
        .map((part, index) => (index === 0 ? part : part.trimStart())),
    );
}
