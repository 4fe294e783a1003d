import { RouterError } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { rowOf } from './rows.ts';
import { openLedger, temporaryFile } from './temporary-ledger.ts';

const sketch = (seed: number) => Uint8Array.from([1, 0, seed, 7]);
const refusal = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (RouterError.is(error)) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'nothing was thrown';
};

describe('an answer that is to be judged', () => {
  test('is found by its id, by the beginning of one, and as the last', () => {
    const ledger = openLedger();
    ledger.append(rowOf('aa11', { startedAt: 1_000 }));
    ledger.append(rowOf('ab22', { startedAt: 3_000 }));
    ledger.append(rowOf('ac33', { startedAt: 5_000, outcome: 'failure' }));
    const learning = ledger.learning();
    expect(learning.answer('aa11').decision).toBe('aa11');
    expect(learning.answer('ab')).toEqual({
      decision: 'ab22',
      candidate: 'anthropic/claude-haiku-4-5',
      taskType: 'simple_query',
      complexity: 'low',
      simulated: false,
      startedAt: 3_000,
    });
    expect(learning.answer('last').decision).toBe('ab22');
  });

  test('that is not there, not one alone, or never came is refused in a sentence', () => {
    const ledger = openLedger();
    const learning = ledger.learning();
    expect(refusal(() => learning.answer('last'))).toBe('usage: There is no answer yet that could be judged.');
    ledger.append(rowOf('aa11'));
    ledger.append(rowOf('aa22', { outcome: 'failure' }));
    expect(refusal(() => learning.answer('zz'))).toMatch(/^usage: There is no decision "zz"/);
    expect(refusal(() => learning.answer('aa'))).toMatch(/is the beginning of several decisions/);
    expect(refusal(() => learning.answer('aa22'))).toMatch(/brought no answer/);
    expect(refusal(() => learning.answer(' '))).toMatch(/is empty/);
    expect(refusal(() => learning.answer('%'))).toMatch(/There is no decision/);
  });

  test('of another caller is not there', () => {
    const ledger = openLedger();
    ledger.append(rowOf('aa11', { startedAt: 1 }, { tenant: 'ann', key: 'laptop' }));
    ledger.append(rowOf('bb22', { startedAt: 2 }, { tenant: 'bob', key: 'ci' }));
    ledger.append(rowOf('cc33', { startedAt: 3 }));
    const learning = ledger.learning();
    const ann = { tenant: 'ann', key: 'laptop' };
    expect(learning.answer('last', ann).decision).toBe('aa11');
    expect(refusal(() => learning.answer('bb22', ann))).toMatch(/There is no decision/);
    expect(refusal(() => learning.answer('aa11', { tenant: 'ann', key: 'phone' }))).toMatch(/There is no decision/);
    expect(learning.answer('last', { tenant: 'local', key: null }).decision).toBe('cc33');
  });
});

describe('outcomes', () => {
  test('are the last word on each answer, with its task; made-up answers are none', () => {
    const clock = createManualClock(0);
    const ledger = openLedger({ clock });
    ledger.append(rowOf('a'));
    ledger.append(rowOf('b', { simulated: true }));
    const learning = ledger.learning();
    learning.judge(learning.answer('a'), { good: true, source: 'feedback' });
    learning.judge(learning.answer('a'), { good: false, source: 'feedback', note: 'wrong after all' });
    learning.judge(learning.answer('b'), { good: true, source: 'feedback' });
    expect(learning.outcomes()).toEqual([
      {
        candidate: 'anthropic/claude-haiku-4-5',
        source: 'feedback',
        good: false,
        at: clock.now(),
        taskType: 'simple_query',
        complexity: 'low',
      },
    ]);
  });

  test('come with the sketches of their prompts', () => {
    const ledger = openLedger();
    ledger.append({ ...rowOf('a'), sketch: sketch(1) });
    ledger.append(rowOf('b'));
    const learning = ledger.learning();
    for (const id of ['a', 'b']) learning.judge(learning.answer(id), { good: true, source: 'feedback' });
    expect(learning.outcomes()).toHaveLength(2);
    expect(learning.sketchedOutcomes()).toMatchObject([{ sketch: sketch(1), good: true }]);
  });

  test('go with their decisions when those are forgotten', () => {
    const clock = createManualClock(0);
    const ledger = openLedger({ clock });
    ledger.append({ ...rowOf('a', { startedAt: clock.now() }, {}, { decidedAt: clock.now() }), sketch: sketch(1) });
    const learning = ledger.learning();
    learning.judge(learning.answer('a'), { good: true, source: 'feedback' });
    clock.advance(10_000);
    expect(ledger.prune({ olderThanMs: 1_000 })).toBe(1);
    expect(learning.outcomes()).toEqual([]);
    expect(learning.sketchedOutcomes()).toEqual([]);
  });

  test('change the mark, and so does what is learned', () => {
    const ledger = openLedger();
    ledger.append(rowOf('a'));
    const learning = ledger.learning();
    const marks = [learning.mark()];
    learning.judge(learning.answer('a'), { good: true, source: 'feedback' });
    marks.push(learning.mark());
    learning.keepLearned('{}');
    marks.push(learning.mark());
    expect(learning.learned()).toBe('{}');
    learning.keepLearned(undefined);
    expect(learning.learned()).toBeUndefined();
    expect(new Set(marks).size).toBe(3);
  });
});

describe('the same asked again', () => {
  const again = (rest: { at: number; caller?: object; attempt?: object; tokens?: number }) => ({
    ...rowOf(
      `d${rest.at}`,
      { startedAt: rest.at, durationMs: 500, ...rest.attempt },
      { session: 's', ...rest.caller },
      { needs: { inputTokens: rest.tokens ?? 10 } as never },
    ),
    sketch: sketch(5),
  });
  const outcomesOf = (...rows: readonly ReturnType<typeof again>[]) => {
    const ledger = openLedger();
    for (const row of rows) ledger.append(row);
    return ledger
      .learning()
      .outcomes()
      .map(({ candidate, good, source }) => [candidate, good, source]);
  };
  const other = { candidate: 'openai/gpt', provider: 'openai', model: 'gpt' };

  test('speaks against the earlier answer and for the later one', () => {
    expect(outcomesOf(again({ at: 1_000 }), again({ at: 60_000, attempt: other }))).toEqual([
      ['openai/gpt', true, 'asked-again'],
      ['anthropic/claude-haiku-4-5', false, 'asked-again'],
    ]);
  });

  test.each([
    ['by somebody else', again({ at: 60_000, caller: { user: 'bob' } })],
    ['in other words that leave the same sketch', { ...again({ at: 60_000 }), promptDigest: 'file2' }],
    ['after more of a conversation', again({ at: 60_000, tokens: 500 })],
    ['much later', again({ at: 3_600_000 })],
    ['at once, as programs do', again({ at: 1_600 })],
    ['and answered from the cache', again({ at: 60_000, attempt: { lane: 'cache' } })],
    ['without an answer', again({ at: 60_000, attempt: { outcome: 'failure' } })],
  ])('%s says nothing', (_, row) => {
    expect(outcomesOf(again({ at: 1_000 }), row)).toEqual([]);
  });

  test('over and over at once says of the last few that were answered before, and of nothing further back', () => {
    const flood = Array.from({ length: 40 }, (_, count) => again({ at: 60_000 + count * 40, attempt: other }));
    const outcomes = outcomesOf(again({ at: 1_000 }), ...flood);
    expect(outcomes).toContainEqual(['anthropic/claude-haiku-4-5', false, 'asked-again']);
    expect(outcomes.filter(([, good]) => good)).toHaveLength(8);
  });
});

describe('measured calls', () => {
  const call = (candidate: string, at: number) => ({ candidate, at, failed: false, firstContentMs: 100.5 });

  test('outlive the program', () => {
    const file = temporaryFile();
    const clock = createManualClock(0);
    const ledger = openLedger({ file, clock });
    ledger.measurements().keep([{ ...call('a/m', clock.now()), longestGapMs: 7, tokensPerSecond: 31.5 }]);
    ledger.close();
    expect(openLedger({ file, clock }).measurements().news()).toEqual([
      { ...call('a/m', clock.now()), longestGapMs: 7, tokensPerSecond: 31.5 },
    ]);
  });

  test('of several processes stand beside each other, and each hears of the others once', () => {
    const file = temporaryFile();
    const clock = createManualClock(0);
    const [one, other] = [openLedger({ file, clock }).measurements(), openLedger({ file, clock }).measurements()];
    one.keep([call('a/m', clock.now())]);
    other.keep([call('a/m', clock.now() + 1), call('b/m', clock.now())]);
    expect(one.news().map(({ candidate }) => candidate)).toEqual(['a/m', 'b/m']);
    expect(one.news()).toEqual([]);
    expect(other.news()).toHaveLength(1);
    expect(openLedger({ file, clock }).measurements().news()).toHaveLength(3);
  });

  test('are the newest 64 of each model, of the last thirty days', () => {
    const clock = createManualClock(0);
    const ledger = openLedger({ clock });
    const store = ledger.measurements();
    store.keep([call('old/m', clock.now() - 31 * 86_400_000)]);
    store.keep(Array.from({ length: 100 }, (_, index) => call('a/m', clock.now() + index)));
    store.keep([call('b/m', clock.now())]);
    const kept = openLedger({ file: ledger.file, clock }).measurements().news();
    expect(kept.filter(({ candidate }) => candidate === 'a/m').map(({ at }) => at - clock.now())).toEqual(
      Array.from({ length: 64 }, (_, index) => index + 36),
    );
    expect(kept).toHaveLength(65);
  });

  test('that can not be written now are written the next time', () => {
    const clock = createManualClock(0);
    const file = temporaryFile();
    const ledger = openLedger({ file, clock });
    ledger.rows();
    const store = ledger.measurements();
    const reader = openLedger({ file, clock });
    // Another program in the midst of writing.
    const database = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(file);
    database.exec('BEGIN IMMEDIATE');
    store.keep([call('a/m', clock.now())]);
    database.exec('ROLLBACK');
    database.close();
    expect(reader.measurements().news()).toEqual([]);
    store.keep([call('b/m', clock.now())]);
    expect(reader.measurements().news()).toHaveLength(2);
  });
});
