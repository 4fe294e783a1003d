import type { ClientView } from './client-view.ts';
import type { FailureCase, Observation } from './failure-case.ts';

/**
 * `pass`: as it should be; `partial`: an advisory check does not hold; `safe`: not rescued, but a bounded error that says so;
 * `fail`: a hang, an incomplete or doubled answer presented as a success, or a required check that does not hold.
 */
export type Verdict = 'pass' | 'partial' | 'safe' | 'fail';

export interface Judgement {
  readonly verdict: Verdict;
  /** Why it is not a pass. */
  readonly reasons: readonly string[];
}

const isMet = ({ primary, primaryFails }: Observation) => !primaryFails || primary.length > 0;

const isError = (answer: ClientView) => answer.outcome === 'error' || answer.outcome === 'torn';

/** Says what an observation is worth. */
export function judge(one: Pick<FailureCase, 'checks' | 'ideal' | 'probe'>, seen: Observation): Judgement {
  const broken = (level: 'required' | 'advisory') =>
    (one.checks ?? []).filter((check) => check.level === level && !check.holds(seen)).map((check) => check.name);
  const failures = [
    ...new Set(seen.answers.filter((answer) => answer.outcome === 'hang').map(() => 'no end in time')),
    ...new Set(
      seen.answers.filter((answer) => answer.outcome === 'wrong').map(() => 'a wrong answer ends as if right'),
    ),
    ...(one.probe === true && seen.probe?.outcome !== 'complete'
      ? ['a healthy request afterwards is not answered']
      : []),
    ...broken('required'),
  ];
  if (failures.length > 0) return { verdict: 'fail', reasons: failures };
  // Whoever has left the primary alone since an earlier case was not put to the test.
  const advisory = [...(isMet(seen) ? [] : ['the failure was never met']), ...broken('advisory')];
  const errors = seen.answers.filter(isError).length;
  if (one.ideal === 'error' && errors < seen.answers.length) {
    return { verdict: 'partial', reasons: ['answered where an error was due', ...advisory] };
  }
  if (one.ideal !== 'error' && errors > 0) return { verdict: 'safe', reasons: ['the client got an error'] };
  return { verdict: advisory.length > 0 ? 'partial' : 'pass', reasons: advisory };
}
