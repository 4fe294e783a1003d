import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RouterError } from '@signalbox/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createSqliteLedger } from '../src/index.ts';
import { rowOf } from './rows.ts';
import { ask, openLedger, temporaryFile } from './temporary-ledger.ts';

const attemptsIn = (file: string) => ask(file, 'SELECT count(*) AS attempts FROM attempts')[0]?.attempts;

describe('writing', () => {
  test('is left to a timer: a row waits for others 50 ms', () => {
    const clock = createManualClock(0);
    const ledger = openLedger({ clock });
    ledger.append(rowOf('1'));
    clock.advance(49);
    expect(() => statSync(ledger.file)).toThrow('ENOENT');
    ledger.append(rowOf('2'));
    clock.advance(1);
    expect(attemptsIn(ledger.file)).toBe(2);
  });

  test('does not wait for the timer once there are enough rows, and even then not in append', () => {
    const clock = createManualClock(0);
    const ledger = openLedger({ clock, flushRows: 3 });
    for (const id of ['1', '2', '3']) ledger.append(rowOf(id));
    expect(() => statSync(ledger.file)).toThrow('ENOENT');
    clock.advance(0);
    expect(attemptsIn(ledger.file)).toBe(3);
  });

  test('happens at flush, at close, and before every question', () => {
    const ledger = openLedger({ clock: createManualClock(0) });
    ledger.append(rowOf('1'));
    ledger.flush();
    expect(attemptsIn(ledger.file)).toBe(1);
    ledger.append(rowOf('2'));
    expect(ledger.rows()).toHaveLength(2);
    ledger.append(rowOf('3'));
    ledger.close();
    expect(attemptsIn(ledger.file)).toBe(3);
    ledger.append(rowOf('4'));
    expect(ledger.totals()[0]?.attempts).toBe(4);
    expect(ledger.faults).toEqual([]);
  });

  test('makes the file and its folder for this user alone', () => {
    const ledger = openLedger({ file: temporaryFile('made/here/signalbox.db') });
    ledger.append(rowOf('1'));
    ledger.flush();
    expect(statSync(dirname(ledger.file)).mode & 0o777).toBe(0o700);
    for (const ending of ['', '-wal', '-shm']) expect(statSync(ledger.file + ending).mode & 0o777).toBe(0o600);
  });
});

describe('the end of the process', () => {
  test('is watched by one listener for all ledgers: Node takes eleven for a leak', () => {
    const before = process.listenerCount('exit');
    const ledgers = Array.from({ length: 12 }, () => openLedger({ clock: createManualClock(0) }));
    for (const [index, ledger] of ledgers.entries()) ledger.append(rowOf(`${index}`));
    expect(process.listenerCount('exit')).toBe(before + 1);
    for (const ledger of ledgers.slice(1)) ledger.close();
    expect(process.listenerCount('exit')).toBe(before + 1);
    ledgers[0]?.close();
    expect(process.listenerCount('exit')).toBe(before);
  });
});

describe('a row', () => {
  test('keeps every figure, where it comes from, and who asked', () => {
    const ledger = openLedger();
    ledger.append(
      rowOf(
        'd-1',
        {
          answeredBy: 'claude-haiku-4-5-20251001',
          cause: 'failover',
          providerKey: 'key-2',
          saved: { nanoUsd: 12, provenance: 'estimated' },
          startedAt: 1_764_000_000_123,
          firstContentMs: 80,
          finish: { reason: 'tool-calls', rawReason: 'tool_use' },
          usage: {
            inputTokens: 900,
            outputTokens: 80,
            cacheReadTokens: 500,
            cacheWrite5mTokens: 100,
            cacheWrite1hTokens: 50,
            reasoningTokens: 20,
            inputAudioTokens: 7,
            outputAudioTokens: 8,
            webSearches: 2,
            serviceTier: 'flex',
            provenance: 'counted',
          },
          cost: { nanoUsd: 9_007_199_254_740_991, provenance: 'estimated' },
          notes: [{ field: 'temperature', action: 'dropped', reason: 'not taken' }],
        },
        { tenant: 'acme', user: 'ann', key: 'build', session: 's-1', tags: ['nightly', 'ci'] },
      ),
    );
    expect(ledger.rows()).toEqual([
      {
        decision: 'd-1',
        attempt: 1,
        startedAt: 1_764_000_000_123,
        durationMs: 250,
        firstContentMs: 80,
        strategy: 'best_for_task',
        taskType: 'simple_query',
        complexity: 'low',
        requestedModel: 'auto',
        candidate: 'anthropic/claude-haiku-4-5',
        provider: 'anthropic',
        model: 'claude-haiku-4-5',
        answeredBy: 'claude-haiku-4-5-20251001',
        outcome: 'success',
        lane: 'bytes',
        simulated: false,
        finishReason: 'tool-calls',
        inputTokens: 900,
        outputTokens: 80,
        cacheReadTokens: 500,
        cacheWrite5mTokens: 100,
        cacheWrite1hTokens: 50,
        reasoningTokens: 20,
        inputAudioTokens: 7,
        outputAudioTokens: 8,
        webSearches: 2,
        serviceTier: 'flex',
        usageProvenance: 'counted',
        costNanoUsd: 9_007_199_254_740_991,
        costProvenance: 'estimated',
        tenant: 'acme',
        user: 'ann',
        key: 'build',
        session: 's-1',
        tags: ['nightly', 'ci'],
        notes: 1,
        cause: 'failover',
        providerKey: 'key-2',
        savedNanoUsd: 12,
      },
    ]);
  });

  test('numbers the attempts of one request, also over several writes', () => {
    const ledger = openLedger();
    const failed = {
      outcome: 'failure',
      usage: undefined,
      cost: undefined,
      error: { kind: 'overloaded', message: 'Overloaded', status: 529 },
    } as const;
    ledger.append(rowOf('1', { ...failed, startedAt: 1 }));
    ledger.append(rowOf('1', { ...failed, startedAt: 2, outcome: 'aborted' }));
    ledger.flush();
    ledger.append(rowOf('1', { startedAt: 3 }));
    expect(
      ledger.rows().map(({ attempt, outcome, errorKind, errorStatus }) => [attempt, outcome, errorKind, errorStatus]),
    ).toEqual([
      [3, 'success', undefined, undefined],
      [2, 'aborted', 'overloaded', 529],
      [1, 'failure', 'overloaded', 529],
    ]);
    expect(ask(ledger.file, 'SELECT count(*) AS decisions FROM decisions')).toEqual([{ decisions: 1 }]);
  });

  test('that says less than the one before it has nothing of that one', () => {
    const ledger = openLedger();
    const first = rowOf('1', {
      providerKey: 'spare',
      usage: { inputTokens: 1, outputTokens: 2, reasoningTokens: 1, serviceTier: 'flex', provenance: 'reported' },
      error: { kind: 'rate-limit', message: 'slow down', status: 429 },
      outcome: 'failure',
    });
    const less = rowOf('2', {}, {}, { task: undefined, requestedModel: undefined });
    const asked = { user: 'ann', session: 's', tags: ['a'] };
    for (const row of [first, less, rowOf('3', {}, asked), rowOf('4')]) ledger.append(row);
    const [last, third, second] = ledger.rows();
    expect(second).not.toHaveProperty('providerKey');
    for (const field of ['reasoningTokens', 'serviceTier', 'errorKind', 'errorStatus', 'taskType', 'requestedModel'])
      expect(second).not.toHaveProperty(field);
    expect(third).toMatchObject({ ...asked, taskType: 'simple_query', requestedModel: 'auto' });
    expect(last).toMatchObject({ tags: [], outcome: 'success' });
    for (const field of ['user', 'session']) expect(last).not.toHaveProperty(field);
  });

  test('with an unknown price has no cost, which is not zero', () => {
    const ledger = openLedger();
    ledger.append(rowOf('1', { cost: undefined }));
    ledger.append(rowOf('2', { cost: { nanoUsd: 0, provenance: 'counted' }, startedAt: 2_000 }));
    expect(ledger.rows().map((row) => row.costNanoUsd)).toEqual([0, undefined]);
  });

  test('never holds what a provider said: it may quote the prompt or a key', () => {
    const ledger = openLedger();
    const message = 'Incorrect API key provided: sk-planted-secret. You wrote: my private prompt';
    const error = { kind: 'authentication', message, status: 401, code: 'sk-planted-secret' } as const;
    const finish = { reason: 'refusal', detail: 'my private prompt', rawReason: 'my private prompt' } as const;
    ledger.append(rowOf('1', { outcome: 'failure', error, finish }));
    ledger.close();
    const bytes = readFileSync(ledger.file, 'latin1');
    expect(bytes).toContain('authentication');
    expect(bytes).not.toContain('planted-secret');
    expect(bytes).not.toContain('private prompt');
  });

  test('of nonsense is kept as far as it makes sense, and stops nobody else', () => {
    const ledger = openLedger();
    const decision: Record<string, unknown> = { ...rowOf('2').decision };
    decision.order = [decision];
    ledger.append(
      rowOf('1\0', {
        durationMs: Number.NaN,
        usage: { inputTokens: 1.6, outputTokens: Number.POSITIVE_INFINITY, provenance: 'reported' },
        answeredBy: `\uD800${'x'.repeat(1_000_000)}`,
      }),
    );
    ledger.append({ ...rowOf('2'), decision: decision as never });
    ledger.append(rowOf('3', { startedAt: 2_000 }));
    const [last, first, ...others] = ledger.rows();
    expect(others).toEqual([]);
    expect(last?.decision).toBe('3');
    expect(first).toMatchObject({ decision: '1\uFFFD', durationMs: 0, inputTokens: 2 });
    expect(first?.outputTokens).toBeUndefined();
    expect(first?.answeredBy).toBe(`\uFFFD${'x'.repeat(255)}`);
    expect(ledger.lost()).toBe(1);
    expect(ledger.faults).toEqual([`The ledger ${ledger.file} loses attempts: 1 could not be read.`]);
  });
});

describe('a decision', () => {
  test('is kept once and comes back as it was', () => {
    const ledger = openLedger();
    const row = rowOf(
      '1',
      {},
      {},
      { reason: 'a "#" and 5, [1,2]: \\ "3":4', decidedAt: 77, requestedModel: undefined },
    );
    ledger.append(row);
    ledger.append({ ...row, decision: { ...row.decision } });
    expect(ledger.decision('1')).toEqual(row.decision);
    expect(ledger.decision('2')).toBeUndefined();
  });

  test('of one model by its name is told from others by all that its entry says', () => {
    const ledger = openLedger();
    const entry = { candidate: 'a/opus', provider: 'a', model: 'opus' };
    const entries = [entry, { ...entry }, { ...entry, model: 'opus-2' }, { ...entry, reason: 'the only one' }, entry];
    for (const [index, one] of entries.entries())
      ledger.append(rowOf(String(index), {}, {}, { task: undefined, order: [one], removed: [] }));
    expect(entries.map((_, index) => ledger.decision(String(index))?.order)).toEqual(entries.map((one) => [one]));
    expect(ask(ledger.file, 'SELECT count(*) AS shapes FROM shapes')).toEqual([{ shapes: 3 }]);
  });

  test('that differs from others in figures alone shares their text', () => {
    const ledger = openLedger();
    const { order } = rowOf('1').decision;
    for (let number = 2; number < 50; number += 1) {
      const scored = order.map((entry) => ({ ...entry, score: number + 0.25, predictedCost: number * 1_000 }));
      ledger.append(rowOf(String(number), {}, {}, { order: scored, decidedAt: number }));
    }
    expect(ledger.decision('49')?.order[0]).toMatchObject({ score: 49.25, predictedCost: 49_000 });
    expect(ask(ledger.file, 'SELECT count(*) AS shapes FROM shapes')).toEqual([{ shapes: 1 }]);
  });
});

describe('while another process writes', () => {
  test('rows are kept and written later, without a word', () => {
    const clock = createManualClock(0);
    const ledger = openLedger({ clock });
    ledger.append(rowOf('1'));
    ledger.flush();
    const other = new DatabaseSync(ledger.file);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');
    ledger.append(rowOf('2'));
    clock.advance(200);
    other.exec('COMMIT');
    expect(attemptsIn(ledger.file)).toBe(1);
    clock.advance(50);
    expect(attemptsIn(ledger.file)).toBe(2);
    expect(ledger.faults).toEqual([]);
  });
});

describe('a file that cannot be used', () => {
  test('is one clear fault; rows wait, and are written when it can', () => {
    const clock = createManualClock(0);
    const file = temporaryFile();
    mkdirSync(file);
    const ledger = openLedger({ file, clock });
    ledger.append(rowOf('1'));
    clock.advance(5_000);
    ledger.append(rowOf('2'));
    ledger.flush();
    expect(ledger.faults).toEqual([
      expect.stringMatching(/^The ledger .*signalbox\.db can't be used: EISDIR: .* \(open\)\.$/),
    ]);
    rmdirSync(file);
    clock.advance(30_000);
    expect(attemptsIn(file)).toBe(2);
    expect(ledger.lost()).toBe(0);
  });

  test('is a RouterError for who asks it something', () => {
    const file = join(temporaryFile(), 'signalbox.db');
    writeFileSync(dirname(file), '');
    const ledger = openLedger({ file });
    try {
      ledger.totals();
      expect.unreachable();
    } catch (error) {
      expect(RouterError.is(error) && [error.kind, error.message]).toEqual([
        'internal',
        expect.stringContaining(`The ledger ${file} can't be used: `),
      ]);
    }
  });

  test('keeps no more than 100 000 rows: the oldest go, and that is told once', () => {
    const file = temporaryFile();
    mkdirSync(file);
    const ledger = openLedger({ file, clock: createManualClock(0) });
    const row = rowOf('1');
    for (let count = 0; count < 102_001; count += 1) ledger.append(row);
    expect(ledger.lost()).toBe(3_000);
    expect(ledger.faults).toEqual([expect.stringContaining('loses attempts')]);
    rmdirSync(file);
    expect(ledger.totals()[0]?.attempts).toBe(99_001);
  });

  test('is made anew when somebody removed it meanwhile', () => {
    const ledger = openLedger();
    ledger.append(rowOf('1'));
    ledger.flush();
    for (const ending of ['', '-wal', '-shm']) rmSync(ledger.file + ending);
    ledger.append(rowOf('2'));
    ledger.close();
    expect(ask(ledger.file, 'SELECT decision FROM ledger')).toEqual([{ decision: '2' }]);
    expect(ledger.faults).toEqual([]);
  });

  test('loses at close what it could not write', () => {
    const file = temporaryFile();
    mkdirSync(file);
    const ledger = openLedger({ file });
    ledger.append(rowOf('1'));
    ledger.close();
    expect(ledger.lost()).toBe(1);
    expect(ledger.faults).toHaveLength(1);
  });

  test('breaks nothing when the one who is told throws', () => {
    const file = temporaryFile();
    mkdirSync(file);
    const ledger = createSqliteLedger({
      file,
      onFault: () => {
        throw new Error('and now?');
      },
    });
    ledger.append(rowOf('1'));
    expect(() => ledger.close()).not.toThrow();
  });
});
