import { describe, expect, test } from 'vitest';
import { advisory, required } from '../checks.ts';
import type { ClientView, Outcome } from '../client-view.ts';
import { judge, type Verdict } from '../verdict.ts';

const answer = (outcome: Outcome): ClientView => ({
  outcome,
  sentAt: 0,
  seconds: 1,
  text: '',
  toolArguments: [],
  done: true,
  malformedEvents: 0,
  violations: [],
});
const seen = (...outcomes: readonly Outcome[]) => ({
  answers: outcomes.map(answer),
  primary: [],
  fallback: [],
  connections: 0,
  primaryFails: false,
});
const never = () => false;

describe('a verdict', () => {
  test.each<[outcomes: readonly Outcome[], ideal: 'answer' | 'error', verdict: Verdict]>([
    [['complete'], 'answer', 'pass'],
    [['complete', 'complete'], 'answer', 'pass'],
    [['error'], 'answer', 'safe'],
    [['torn'], 'answer', 'safe'],
    [['complete', 'error'], 'answer', 'safe'],
    [['wrong'], 'answer', 'fail'],
    [['hang'], 'answer', 'fail'],
    [['complete', 'error', 'hang'], 'answer', 'fail'],
    [['error'], 'error', 'pass'],
    [['complete'], 'error', 'partial'],
    [['wrong'], 'error', 'fail'],
  ])('of %j where the ideal is an %s is %s', (outcomes, ideal, verdict) => {
    expect(judge({ ideal }, seen(...outcomes)).verdict).toBe(verdict);
  });

  test('falls to fail by a required check, whatever the client got', () => {
    const checks = [required('never', never)];
    for (const outcome of ['complete', 'error'] as const)
      expect(judge({ checks }, seen(outcome))).toEqual({ verdict: 'fail', reasons: ['never'] });
  });

  test('falls to partial by an advisory check', () => {
    expect(judge({ checks: [advisory('never', never)] }, seen('complete'))).toEqual({
      verdict: 'partial',
      reasons: ['never'],
    });
  });

  test('falls to partial where the failure was never met', () => {
    expect(judge({}, { ...seen('complete'), primaryFails: true })).toEqual({
      verdict: 'partial',
      reasons: ['the failure was never met'],
    });
  });

  test('falls to fail where a healthy request afterwards is not answered', () => {
    expect(judge({ probe: true }, { ...seen('complete'), probe: answer('error') }).verdict).toBe('fail');
    expect(judge({ probe: true }, { ...seen('complete'), probe: answer('complete') }).verdict).toBe('pass');
  });
});
