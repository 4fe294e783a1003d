import { join } from 'node:path';
import { parseConfiguration } from '@signalbox/config';
import { createSqliteLedger } from '@signalbox/store-sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLedger } from '../src/stores/open-ledger.ts';
import { createSandbox, type Sandbox } from './run-cli.ts';

const DAY = 86_400_000;

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = createSandbox();
  vi.useFakeTimers({ now: Date.UTC(2027, 0, 15, 12), toFake: ['Date', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
  sandbox.remove();
});

const faults: string[] = [];
const open = (yaml: string) =>
  openLedger(parseConfiguration(yaml, { file: 'router-config.yml', env: {} }).configuration, sandbox.home, (sentence) =>
    faults.push(sentence),
  );

function booked(): number {
  const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db'), readsOnly: true });
  const { length } = ledger.rows();
  ledger.close();
  return length;
}

function bookThreeDaysAgo(): void {
  const ledger = createSqliteLedger({ file: join(sandbox.home, '.claude-code', 'signalbox.db') });
  ledger.append({
    decision: { id: 'old', decidedAt: 0, strategy: 'manual', reason: '', order: [], removed: [] },
    attempt: {
      candidate: 'openai/gpt-4o',
      provider: 'openai',
      model: 'gpt-4o',
      cause: 'first',
      startedAt: Date.now() - 3 * DAY,
      durationMs: 1,
      outcome: 'success',
      lane: 'bytes',
      simulated: false,
      notes: [],
    },
    caller: { tenant: 'local' },
  });
  ledger.close();
}

describe('a ledger that forgets what is older than two days', () => {
  it('does so once a day for as long as it is open', async () => {
    const ledger = await open('cost_tracking: { keep: 2d }');
    bookThreeDaysAgo();
    vi.advanceTimersByTime(DAY / 2);
    expect(booked()).toBe(1);
    vi.advanceTimersByTime(DAY);
    expect(booked()).toBe(0);
    ledger?.close();
    expect(faults).toEqual([]);
  });

  it.each(['stopForgetting', 'close'] as const)(
    'leaves everything to the configuration that took its place, from %s on',
    async (end) => {
      const replaced = await open('cost_tracking: { keep: 2d }');
      const ledger = await open('cost_tracking: { keep: 90d }');
      bookThreeDaysAgo();
      replaced?.[end]();
      vi.advanceTimersByTime(3 * DAY);
      expect(booked()).toBe(1);
      ledger?.close();
      replaced?.close();
      expect(faults).toEqual([]);
    },
  );
});
