import { nanoToUsd } from '@signalbox/core';
import { EXIT } from '../terminal/exit-code.ts';
import { durationText, figuresText } from './tally.ts';
import type { RunEnd } from './task-run.ts';

export function exitCodeOf({ tally, stopped }: RunEnd): number {
  if (stopped === 'interrupted') return EXIT.interrupted;
  if (stopped === 'budget') return EXIT.budget;
  return tally.failed > 0 ? EXIT.failure : EXIT.success;
}

/** What there is to say at the end of a run: its figures, and what is left of it and why. Nothing where all went well and nobody wants to hear of it. */
export function summaryOf(
  { tally, stopped, reason, left }: RunEnd,
  durationMs: number,
  { quiet, out }: { readonly quiet: boolean; readonly out?: string | undefined },
): readonly string[] {
  const incomplete = tally.answered < tally.tasks;
  if (quiet && !incomplete) return [];
  const { tasks, answered, failed, kept } = tally;
  const parts = [
    `${answered} of ${tasks} answered${kept === 0 ? '' : ` (${kept} by an earlier run)`}`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    figuresText(tally),
    durationText(durationMs),
    ...(out === undefined || answered === 0 ? [] : [`in ${out}`]),
  ];
  const figures = parts.join(' · ');
  if (!incomplete) return [figures];
  const again = 'The same command asks only for what is missing; --fresh asks for all.';
  if (left.length === 0) return [figures, `signalbox: ${failed} of ${tasks} failed. ${again}`];
  const names = left.length <= 5 ? left.join(', ') : `${left.slice(0, 4).join(', ')} and ${left.length - 4} more`;
  const why =
    stopped === 'budget'
      ? `A budget stopped this (${(reason ?? 'it is used up').replace(/\.$/, '')})`
      : 'This was interrupted';
  return [figures, `signalbox: ${why}: ${left.length} of ${tasks} are left: ${names}. ${again}`];
}

/** The last line of a run's JSON: amounts in dollars and nano-dollars. */
export function totalJson({ tally, stopped, left }: RunEnd) {
  const { tasks, answered, failed, kept, usage, cost, exact, simulated } = tally;
  return {
    total: {
      tasks,
      answered,
      failed,
      kept,
      left,
      stoppedBy: stopped ?? null,
      usage: usage ?? null,
      cost: { usd: nanoToUsd(cost), nanoUsd: cost, exact },
      simulated,
    },
  };
}
