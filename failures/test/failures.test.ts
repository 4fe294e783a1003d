import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES, LANES } from '../cases/index.ts';
import { EXPECTED_TO_PASS, NOT_YET } from '../expected.ts';
import type { CaseResult } from '../run-case.ts';
import { runLanes } from '../run-lanes.ts';

const played = CASES.filter((one) => one.fullOnly === undefined);
const ORDER = ['pass', 'partial', 'safe', 'fail'] as const;

describe('the table of expectations', () => {
  test('names every case of the fast profile once', () => {
    const named = [...EXPECTED_TO_PASS, ...Object.keys(NOT_YET)];
    expect([...named].sort()).toEqual(played.map((one) => one.id).sort());
  });
});

describe('the fast profile', () => {
  let results: readonly CaseResult[] = [];
  beforeAll(async () => {
    results = await runLanes({ profile: 'fast', lanes: LANES });
  }, 240_000);
  afterAll(() => {
    const better = results.filter((result) => result.id in NOT_YET && result.verdict === 'pass');
    if (better.length > 0) console.info(`failures/expected.ts: ${better.map((one) => one.id).join(', ')} pass by now`);
  });
  const resultOf = (id: string) => results.find((result) => result.id === id);
  /** Why a result is what it is, for the message of a test that fails. */
  const why = (result: CaseResult | undefined) => JSON.stringify({ ...result, observation: shortened(result) });

  test.each(EXPECTED_TO_PASS.map((id) => ({ id })))('$id passes', ({ id }) => {
    const result = resultOf(id);
    expect(result?.verdict, why(result)).toBe('pass');
  });

  test.each(Object.entries(NOT_YET).map(([id, { atWorst, reason }]) => ({ id, atWorst, reason })))(
    '$id is $atWorst at worst: $reason',
    ({ id, atWorst }) => {
      const result = resultOf(id);
      expect(ORDER.slice(0, ORDER.indexOf(atWorst) + 1), why(result)).toContain(result?.verdict);
    },
  );
});

function shortened(result: CaseResult | undefined): unknown {
  const { observation } = result ?? {};
  return {
    ...observation,
    answers: observation?.answers.slice(0, 3).map((answer) => ({ ...answer, text: answer.text.length })),
  };
}
