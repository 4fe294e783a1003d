import { formatUsd } from '@signalbox/core';
import Table from 'cli-table3';
import { countText, durationText } from '../tasks/tally.ts';
import { PLAIN_TABLE } from '../terminal/plain-table.ts';
import type { Entry } from './contestant.ts';
import type { Judgement } from './judge.ts';

/** A row of figures: what it is called, and what it is for an entry. */
type Row = readonly [title: string, cell: (entry: Entry, place: number) => string];

/** The figures of a comparison, a row for each contestant; `-` where there is none. */
export function comparisonRows(judgement: Judgement | undefined): readonly Row[] {
  return [
    ['model', ({ candidate, name }) => candidate ?? name],
    ['first text', ({ firstTextMs }) => (firstTextMs === undefined ? '-' : durationText(firstTextMs))],
    ['total', ({ totalMs, problem }) => (problem === undefined ? durationText(totalMs) : 'failed')],
    [
      'tokens/s',
      ({ tokensPerSecond }) =>
        tokensPerSecond === undefined ? '-' : tokensPerSecond.toFixed(tokensPerSecond < 10 ? 1 : 0),
    ],
    [
      'tokens',
      ({ usage }) =>
        usage === undefined ? '-' : `${countText(usage.inputTokens)} in / ${countText(usage.outputTokens)} out`,
    ],
    ['words', ({ answer }) => countText(wordsOf(answer))],
    ['cost', costText],
    ...(judgement === undefined
      ? []
      : [['quality', (_: Entry, place: number) => scoreText(judgement.scores[place])] as const]),
  ];
}

/** The same as text, with the names before them. */
export function comparisonTable(entries: readonly Entry[], judgement: Judgement | undefined): string {
  const rows = comparisonRows(judgement);
  const table = new Table({
    head: ['', ...rows.map(([title]) => title)],
    colAligns: ['right', 'left', ...rows.slice(1).map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
    chars: PLAIN_TABLE,
  });
  for (const [place, entry] of entries.entries())
    table.push([`${place + 1}.`, ...rows.map(([, cell]) => cell(entry, place))]);
  return table.toString();
}

/** The same in a narrow terminal: a column for each contestant would not fit, a line for each figure does. */
export function comparisonList(entries: readonly Entry[], judgement: Judgement | undefined): string {
  const [[, modelOf] = ['', () => ''] as const, ...rows] = comparisonRows(judgement);
  return entries
    .map((entry, place) => {
      const figures = rows.map(([title, cell]) => `   ${title.padEnd(11)}${cell(entry, place)}`);
      return [`${place + 1}. ${modelOf(entry, place)}`, ...figures].join('\n');
    })
    .join('\n');
}

export function wordsOf(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

export function costText({ cost, exact, simulated }: Pick<Entry, 'cost' | 'exact' | 'simulated'>): string {
  if (simulated) return 'simulated';
  return cost === undefined ? '?' : `${exact ? '' : '~'}${formatUsd(cost)}`;
}

const scoreText = (score: number | undefined) => (score === undefined ? '-' : `${score} of 10`);
