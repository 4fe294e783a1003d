import {
  type Admission,
  type Attempt,
  type Caller,
  type Candidate,
  type Decision,
  type Finish,
  type Ledger,
  NO_NEEDS,
  type Pricing,
  parseJson,
  USAGE_PARTS,
  type Usage,
} from '@signalbox/core';
import { soundUsage } from '../lanes/complete-usage.ts';
import { book } from '../money/settle.ts';

/** An answer that goes on being made after its call: what the call was booked as is not all that it takes. */
export interface BackgroundAnswer {
  readonly decision: Decision;
  /** As it was booked. */
  readonly attempt: Attempt;
  readonly caller: Caller;
}

interface Books {
  /** Those of today: the one that answered may be gone. */
  readonly candidates: readonly Candidate[];
  readonly admission: Admission | undefined;
  readonly ledger: Ledger | undefined;
  readonly pricing: Pricing | undefined;
  now(): number;
}

/** As text, for whoever books it in another process. */
export function writtenDue({ decision, attempt, caller }: BackgroundAnswer): string {
  return JSON.stringify({ decision, attempt: { ...attempt, error: undefined }, caller });
}

/** What `writtenDue` has written. */
export function readDue(text: string): BackgroundAnswer | undefined {
  return parseJson(text) as unknown as BackgroundAnswer | undefined;
}

/** Books what an answer took beyond what its call was booked as; nothing where the provider names no figures. Once for each answer: who asks again has nothing due. */
export function bookRest(
  { decision, attempt, caller }: BackgroundAnswer,
  ending: { readonly finish: Finish; readonly usage?: Usage | undefined },
  { candidates, admission, ledger, pricing, now }: Books,
): void {
  const usage = soundUsage(ending.usage);
  if (usage === undefined) return;
  const candidate = candidates.find(({ id }) => id === attempt.candidate);
  const total = attempt.simulated
    ? attempt.cost
    : candidate && pricing?.cost(candidate.facts, usage, attempt.startedAt);
  const nanoUsd = total && Math.max(0, total.nanoUsd - (attempt.cost?.nanoUsd ?? 0));
  const rest: Attempt = {
    ...attempt,
    cause: 'continuation',
    startedAt: now(),
    firstContentMs: undefined,
    durationMs: 0,
    outcome: 'success',
    error: undefined,
    finish: ending.finish,
    usage: beyond(usage, attempt.usage),
    cost: total === undefined || nanoUsd === undefined ? undefined : { ...total, nanoUsd },
    notes: [],
  };
  // A limit that is reached refuses no money that was spent.
  const given =
    candidate &&
    admission?.reserve(candidate, {
      caller,
      needs: () => ({ ...NO_NEEDS, maxOutputTokens: 0 }),
      providerKey: attempt.providerKey,
      patienceMs: 0,
    });
  book(ledger, decision, rest, caller);
  if (given instanceof Promise) void given.then((late) => late !== undefined && !('kind' in late) && late.settle(rest));
  else if (given !== undefined && !('kind' in given)) given.settle(rest);
}

/** What of `all` is not in `booked`. */
function beyond(all: Usage, booked: Usage | undefined): Usage {
  const rest: { -readonly [Name in keyof Usage]: Usage[Name] } = {
    ...all,
    inputTokens: Math.max(0, all.inputTokens - (booked?.inputTokens ?? 0)),
    outputTokens: Math.max(0, all.outputTokens - (booked?.outputTokens ?? 0)),
  };
  for (const part of USAGE_PARTS) {
    const had = booked?.[part];
    if (had !== undefined && rest[part] !== undefined) rest[part] = Math.max(0, rest[part] - had);
  }
  return rest;
}
