import { type Decision, type DecisionEntry, formatUsd, sessionSentence } from '@signalbox/core';
import { fittedTable, type TableColumn } from './fitted-table.ts';
import { leadOver, scoreLegend } from './score-words.ts';
import { terminalWidth } from './terminal-width.ts';
import { wrapped } from './wrapped.ts';

/** A decision for people: the task, who would be asked and why, who would not and why not; as wide as there are columns. */
export function explanationTable(
  decision: Decision,
  width: number | undefined = terminalWidth(process.stdout),
): string {
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
  lines.push(`strategy  ${decision.strategy}: ${strategyReason(decision)}`);
  const [winner] = order;
  lines.push(`winner    ${winner === undefined ? 'nobody' : winner.candidate}`);
  if (winner?.warning !== undefined) lines.push(`warning   ${winner.warning}`);
  if (decision.session !== undefined) lines.push(`session   ${sessionSentence(decision.session)}`);
  if (order.length > 0) lines.push('', candidates(order, width), ...scoreLegend(order));
  const corrected = order.filter((entry) => entry.evidence !== undefined);
  if (corrected.length > 0) lines.push('', 'expected quality, corrected:', ...corrected.map(evidenceLine));
  if (removed.length > 0) {
    lines.push('', 'removed:', ...removed.map(({ candidate, reason }) => `  ${candidate}: ${reason}`));
  }
  const indent = ' '.repeat(10);
  return `${lines.map((line) => (line.includes('\n') ? line : wrapped(line, width, line.startsWith('  ') ? '    ' : indent))).join('\n')}\n`;
}

function candidates(order: readonly DecisionEntry[], width: number | undefined): string {
  const parts = [...new Set(order.flatMap((entry) => Object.keys(entry.scoreParts ?? {})))].filter((part) =>
    order.some((entry) => (entry.scoreParts?.[part] ?? 0) !== 0),
  );
  const scored = order.some((entry) => entry.score !== undefined);
  const reasons = order.some((entry) => entry.reason !== undefined);
  type Cell = (entry: DecisionEntry, place: number) => string;
  const columns: readonly (readonly [TableColumn, Cell, shown: boolean])[] = [
    [{ head: '', align: 'right' }, (_, place) => `${place + 1}.`, true],
    [{ head: 'candidate' }, (entry) => entry.candidate, true],
    [{ head: 'score', align: 'right' }, (entry) => figure(entry.score), scored],
    ...parts.map(
      (part, index) =>
        [
          { head: part, align: 'right', drop: 10 + index },
          (entry: DecisionEntry) => figure(entry.scoreParts?.[part]),
          scored,
        ] as const,
    ),
    [
      { head: 'quality', align: 'right', drop: 3 },
      (entry) => figure(entry.quality),
      !(scored && parts.includes('quality')),
    ],
    [
      { head: 'predicted', align: 'right', drop: 1 },
      (entry) => (entry.predictedCost === undefined ? '?' : formatUsd(entry.predictedCost)),
      true,
    ],
    [
      { head: 'time', align: 'right', drop: 2 },
      (entry) => (entry.latencyMs === undefined ? '?' : `${(entry.latencyMs / 1_000).toFixed(1)} s`),
      true,
    ],
    [{ head: 'why', drop: 9 }, (entry) => entry.reason ?? '', reasons],
  ];
  const shown = columns.filter(([, , wanted]) => wanted);
  return fittedTable(
    shown.map(([column]) => column),
    order.map((entry, place) => shown.map(([, cell]) => cell(entry, place))),
    width,
  );
}

/** The reason without what the page has said of the task already: instead, who came second and why. */
function strategyReason({ reason, task, order }: Decision): string {
  const known = task === undefined ? '' : `${task.type}, ${task.complexity} complexity: ${task.reason}`;
  return known === '' ? reason : reason.replace(known, () => `the highest score${leadOver(order)}`);
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
