import { formatUsd, nanoToUsd } from '@signalbox/core';
import Table from 'cli-table3';
import { fitText } from '../terminal/fit-text.ts';
import { PLAIN_TABLE } from '../terminal/plain-table.ts';
import type { PlannedRequest } from './plan-run.ts';
import { countText } from './tally.ts';

/** A plan and what there is to know about it beside its rows. */
export interface RunPlan {
  readonly requests: readonly PlannedRequest[];
  readonly atOnce: number;
  /** Tasks that an earlier run answered. */
  readonly kept: number;
  /** Files that can't be read: [title, why]. */
  readonly unreadable: readonly (readonly [title: string, problem: string])[];
  /** The same tasks in a request each, where they are to share some. */
  readonly apart?: readonly PlannedRequest[] | undefined;
}

/** A plan for people: who would be asked about what, and what it would cost. */
export function planTable(plan: RunPlan, columns: number): string {
  const { requests, apart, kept, unreadable } = plan;
  const table = new Table({
    head: ['', 'tokens in', 'out', 'model', 'about'],
    colAligns: ['left', 'right', 'right', 'left', 'right'],
    style: { head: [], border: [], compact: true },
    chars: PLAIN_TABLE,
  });
  const room = Math.max(16, columns - 62);
  for (const { titles, inputTokens, outputTokens, candidate, cost, reason } of requests) {
    const [first = '', ...others] = titles;
    const title =
      others.length === 0 ? fitText(first, room, 'start') : `${fitText(first, room - 4, 'start')} +${others.length}`;
    table.push([
      title,
      countText(inputTokens),
      countText(outputTokens),
      candidate ?? `nobody: ${reason ?? 'no model fits'}`,
      cost === undefined ? '?' : formatUsd(cost),
    ]);
  }
  const lines = requests.length === 0 ? [] : [table.toString(), ''];
  lines.push(
    `${counted(requests.length, 'request')}, ${plan.atOnce} at a time, ${totalText(requests)} (estimated; nothing was sent).`,
  );
  if (kept > 0)
    lines.push(`${counted(kept, 'answer')} of an earlier run ${kept === 1 ? 'is' : 'are'} kept; --fresh asks anew.`);
  if (apart !== undefined) lines.push(savingText(requests, apart));
  for (const [title, problem] of unreadable) lines.push(`left out: ${title}: ${problem}`);
  return `${lines.join('\n')}\n`;
}

/** A plan as JSON: amounts in dollars and nano-dollars. */
export function planJson(plan: RunPlan): unknown {
  const shown = (requests: readonly PlannedRequest[]) =>
    requests.map(({ titles, candidate, reason, inputTokens, outputTokens, cost }) => ({
      tasks: titles,
      model: candidate ?? null,
      ...(reason === undefined ? {} : { reason }),
      inputTokens,
      outputTokens,
      cost: amount(cost),
    }));
  const { apart } = plan;
  return {
    requests: shown(plan.requests),
    atOnce: plan.atOnce,
    kept: plan.kept,
    unreadable: plan.unreadable.map(([title, problem]) => ({ title, problem })),
    total: amount(sumOf(plan.requests)),
    ...(apart === undefined ? {} : { apart: { requests: apart.length, total: amount(sumOf(apart)) } }),
    provenance: 'estimated',
  };
}

/** What sharing requests saves, or costs, beside one request for each task. */
export function savingText(joined: readonly PlannedRequest[], apart: readonly PlannedRequest[]): string {
  const [one, other] = [sumOf(apart), sumOf(joined)];
  const requests = `${counted(joined.length, 'request')} instead of ${apart.length}`;
  if (one === undefined || other === undefined) return `${requests}; what that saves is unknown, since a price is.`;
  const tokens = inputOf(apart) - inputOf(joined);
  const input = tokens > 0 ? `, ${countText(tokens)} tokens of input less` : '';
  if (one === other) return `${requests}${input}: about the same cost.`;
  const share = one === 0 ? '' : ` (${Math.round((Math.abs(one - other) / one) * 100)} %)`;
  return one > other
    ? `${requests}${input}: about ${formatUsd(one - other)}${share} cheaper.`
    : `${requests}: about ${formatUsd(other - one)}${share} dearer: ${tokens > 0 ? 'the larger request goes to a dearer model or price' : 'the tasks share so few words that telling their answers apart takes more'}.`;
}

const inputOf = (requests: readonly PlannedRequest[]) => requests.reduce((sum, one) => sum + one.inputTokens, 0);

/** Undefined where a price is unknown. */
function sumOf(requests: readonly PlannedRequest[]): number | undefined {
  let sum = 0;
  for (const { cost } of requests) {
    if (cost === undefined) return undefined;
    sum += cost;
  }
  return sum;
}

function totalText(requests: readonly PlannedRequest[]): string {
  const known = requests.filter(({ cost }) => cost !== undefined);
  const sum = formatUsd(known.reduce((total, { cost = 0 }) => total + cost, 0));
  const unknown = requests.length - known.length;
  return unknown === 0 ? `about ${sum}` : `about ${sum} and ${counted(unknown, 'request')} at an unknown price`;
}

const amount = (cost: number | undefined) => (cost === undefined ? null : { usd: nanoToUsd(cost), nanoUsd: cost });

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
