import { type Decision, type DecisionEntry, formatUsd, sessionSentence } from '@signalbox/core';
import Table from 'cli-table3';
import { PLAIN_TABLE } from './plain-table.ts';

/** A decision for people: the task, who would be asked and why, who would not and why not. */
export function explanationTable(decision: Decision): string {
  const { task, needs, order, removed } = decision;
  const lines: string[] = [];
  if (task !== undefined) {
    lines.push(`task      ${task.type}, ${task.complexity} complexity, difficulty ${task.difficulty.toFixed(2)}`);
    lines.push(`because   ${task.reason}`);
  }
  if (needs !== undefined) {
    const wanted = (['tools', 'vision', 'pdf', 'audio', 'jsonSchema'] as const).filter((need) => needs[need]);
    const output = task === undefined ? '' : `, about ${task.expectedOutputTokens} out`;
    const also = wanted.length === 0 ? '' : `; ${wanted.join(', ')}`;
    lines.push(`needs     about ${needs.inputTokens} tokens in${output}${also}`);
  }
  lines.push(`strategy  ${decision.strategy}: ${decision.reason}`);
  const [winner] = order;
  lines.push(`winner    ${winner === undefined ? 'nobody' : winner.candidate}`);
  if (winner?.warning !== undefined) lines.push(`warning   ${winner.warning}`);
  if (decision.session !== undefined) lines.push(`session   ${sessionSentence(decision.session)}`);
  if (order.length > 0) lines.push('', candidates(order));
  const corrected = order.filter((entry) => entry.evidence !== undefined);
  if (corrected.length > 0) lines.push('', 'expected quality, corrected:', ...corrected.map(evidenceLine));
  if (removed.length > 0) {
    lines.push('', 'removed:', ...removed.map(({ candidate, reason }) => `  ${candidate}: ${reason}`));
  }
  return `${lines.join('\n')}\n`;
}

function candidates(order: readonly DecisionEntry[]): string {
  const parts = [...new Set(order.flatMap((entry) => Object.keys(entry.scoreParts ?? {})))].filter((part) =>
    order.some((entry) => (entry.scoreParts?.[part] ?? 0) !== 0),
  );
  const scored = order.some((entry) => entry.score !== undefined);
  const reasons = order.some((entry) => entry.reason !== undefined);
  const columns: readonly (readonly [head: string, cell: (entry: DecisionEntry) => string, shown: boolean])[] = [
    ['candidate', (entry) => entry.candidate, true],
    ['score', (entry) => figure(entry.score), scored],
    ...parts.map((part) => [part, (entry: DecisionEntry) => figure(entry.scoreParts?.[part]), scored] as const),
    ['quality', (entry) => figure(entry.quality), !(scored && parts.includes('quality'))],
    ['predicted', (entry) => (entry.predictedCost === undefined ? '?' : formatUsd(entry.predictedCost)), true],
    ['time', (entry) => (entry.latencyMs === undefined ? '?' : `${(entry.latencyMs / 1_000).toFixed(1)} s`), true],
    ['why', (entry) => entry.reason ?? '', reasons],
  ];
  const shown = columns.filter(([, , wanted]) => wanted);
  const table = new Table({
    head: ['', ...shown.map(([head]) => head)],
    colAligns: [
      'right',
      'left',
      ...shown.slice(1).map(([head]) => (head === 'why' ? 'left' : 'right') as 'left' | 'right'),
    ],
    style: { head: [], border: [], compact: true },
    chars: PLAIN_TABLE,
  });
  for (const [place, entry] of order.entries()) table.push([`${place + 1}.`, ...shown.map(([, cell]) => cell(entry))]);
  return table.toString();
}

function evidenceLine({ candidate, evidence }: DecisionEntry): string {
  const { prior = 0, outcomes = 0, posterior = 0, learned } = evidence ?? {};
  const count = Number(outcomes.toFixed(1));
  const seen =
    count === 0 ? 'no outcomes' : `${count} ${count === 1 ? 'outcome' : 'outcomes'} -> ${posterior.toFixed(3)}`;
  const heads = learned === undefined ? '' : `, learned heads -> ${learned.toFixed(3)}`;
  return `  ${candidate}: table ${prior.toFixed(3)}, ${seen}${heads}`;
}

function figure(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(2);
}
