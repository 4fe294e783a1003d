import { beforeAll, describe, expect, test } from 'vitest';
import { CASES } from '../cases/index.ts';
import type { CaseResult } from '../run-case.ts';
import { runLanes } from '../run-lanes.ts';
import { startNaiveProxy } from './naive-proxy.ts';

describe('a gateway that passes everything on and ends what is cut as if it were whole', () => {
  let results: readonly CaseResult[] = [];
  beforeAll(async () => {
    const wanted = ['S01', 'S02', 'S08', 'S09', 'S13', 'X07.event', 'X24.cut'];
    const lanes = [{ cases: CASES.filter((one) => wanted.includes(one.id)) }];
    results = await runLanes({ profile: 'fast', lanes, startGateway: startNaiveProxy });
  }, 240_000);

  test.each([
    { id: 'S08', verdict: 'fail', reason: 'a wrong answer ends as if right' },
    { id: 'S09', verdict: 'fail', reason: 'a wrong answer ends as if right' },
    { id: 'X24.cut', verdict: 'fail', reason: 'a call that is presented as right has whole arguments' },
    { id: 'S01', verdict: 'safe', reason: 'the client got an error' },
    { id: 'S02', verdict: 'safe', reason: 'the client got an error' },
    { id: 'X07.event', verdict: 'safe', reason: 'the client got an error' },
    { id: 'S13', verdict: 'pass', reason: undefined },
  ])('$id: $verdict', ({ id, verdict, reason }) => {
    const result = results.find((one) => one.id === id);
    expect(result).toMatchObject({ verdict });
    expect(result?.reasons[0]).toBe(reason);
  });
});
