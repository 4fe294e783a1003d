import { formatUsd, nanoToUsd } from '@signalbox/core';
import type { Comparison, ComparisonReport, Difference, Interval, Measure } from '@signalbox/cost-tracker';
import Table from 'cli-table3';
import { PLAIN_TABLE } from '../terminal/plain-table.ts';
import { leftOutSentences, type ReplayResult } from './replay-result.ts';

const COLUMNS = 80;
/** Moves that are shown. */
const MOVES = 5;

const HEADS: readonly (readonly [measure: Measure, title: string, format: (value: number) => string])[] = [
  ['cost', 'Cost', money],
  ['quality', 'Expected quality, 0 to 1', (value) => value.toFixed(3)],
  ['latencyMs', 'Expected time to the end of the answer', seconds],
];

/** A replay for people, at most 80 columns. */
export function replayText(result: ReplayResult, since: string): readonly string[] {
  const { report, leftOut, included, guessed, policy } = result;
  const { requests, changed } = report.total;
  const share = `${Number(((changed / requests) * 100).toFixed(1))} %`;
  const by = policy.name ?? 'this configuration';
  const lines = [
    `${requests} ${requests === 1 ? 'request' : 'requests'} since ${since}, decided again by ${by}:`,
    `${changed} (${share}) would have gone to another model.`,
    '',
    ...HEADS.flatMap(([measure, title, format]) => [title, measureTable(report, measure, format), '']),
    ...movesOf(report),
  ];
  const notes = [...leftOutSentences(leftOut)];
  const unknown = report.total.cost.unknown;
  if (unknown > 0) notes.push(`${unknown} can't be compared in money: a price is unknown.`);
  if (included > 0) notes.push(`${included} were on the caller's own bill: they cost nothing before.`);
  for (const { candidate, reason } of policy.unavailable) notes.push(`${candidate} takes no part: ${reason}.`);
  if (guessed.length > 0) notes.push(`Nobody has timed ${listed(guessed)} here: their times are what is usual.`);
  if (policy.asksPrompts) notes.push('Rules by pattern hold only where they did then: prompts are not kept.');
  notes.push(
    "The tokens that were used, at the configuration's prices; no call was made. Intervals (by session) say how the traffic varies, not how wrong expectations are.",
  );
  return [...lines.map((line) => line.trimEnd()), ...notes.flatMap(wrapped)];
}

function measureTable({ total, tasks }: ComparisonReport, measure: Measure, format: (value: number) => string): string {
  const table = new Table({
    head: ['', 'requests', 'before', 'after', 'difference', '95 % interval'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 1 },
    chars: PLAIN_TABLE,
  });
  const row = (name: string, one: Comparison) => {
    const { requests, before, after, difference, interval }: Difference = one[measure];
    const cells = [before, after].map((value) => (requests === 0 ? '?' : format(value)));
    table.push([
      name,
      requests,
      ...cells,
      requests === 0 ? '?' : signed(difference, format),
      requests === 0 ? '' : intervalText(interval, format),
    ]);
  };
  for (const task of tasks) row(task.taskType, task);
  if (tasks.length !== 1) row('total', total);
  return table.toString().replaceAll(/ +$/gm, '');
}

function intervalText(interval: Interval | undefined, format: (value: number) => string): string {
  if (interval === undefined) return 'too few';
  const [low, high] = [signed(interval.low, format), signed(interval.high, format)];
  return low === high ? low : `${low} … ${high}`;
}

function signed(value: number, format: (value: number) => string): string {
  const text = format(value);
  return value > 0 && !/^\$?0(?:\.0*)?(?: s)?$/.test(text)
    ? `+${text}`
    : text.replace(/^-(\$?0(?:\.0*)?(?: s)?)$/, '$1');
}

/** A sentence in lines that fit. */
function wrapped(sentence: string): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Thousands where cents don't matter: a column has to hold it. */
function money(nano: number): string {
  const usd = nanoToUsd(nano);
  return Math.abs(usd) < 10_000 ? formatUsd(nano) : `${usd < 0 ? '-' : ''}$${(Math.abs(usd) / 1_000).toFixed(1)}k`;
}

function seconds(value: number): string {
  return `${(value / 1_000).toFixed(1)} s`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 2).join(', ');
  return names.length > 2 ? `${shown} and ${names.length - 2} more` : shown;
}

function movesOf({ moves }: ComparisonReport): readonly string[] {
  if (moves.length === 0) return [];
  const shown = moves.slice(0, MOVES).map(({ from, to, requests }) => `  ${requests} × ${from} → ${to}`);
  const rest = moves.slice(MOVES).reduce((sum, one) => sum + one.requests, 0);
  return ['In whose place', ...shown, ...(rest === 0 ? [] : [`  ${rest} × others`]), ''];
}
