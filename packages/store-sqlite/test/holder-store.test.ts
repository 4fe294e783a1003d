import type { KeptHolder } from '@signalbox/core';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { MIGRATIONS } from '../src/schema/migrations.ts';
import { rowOf } from './rows.ts';
import { ask, openLedger, temporaryFile } from './temporary-ledger.ts';

const DAY = 86_400_000;
const HOLDER: KeptHolder = { provider: 'openai', key: 'key-2', keyDigest: '0123456789abcdef', owners: ['key laptop'] };
const ids = (file: string) => ask(file, 'SELECT id FROM held ORDER BY number').map(({ id }) => id);

/** Two programs that share a file. */
function two() {
  const clock = createManualClock(0);
  const first = openLedger({ clock });
  const second = openLedger({ clock, file: first.file });
  return { clock, file: first.file, first: first.holders(), second: second.holders() };
}

describe('who keeps what', () => {
  test('is there for another program at once, or with what is written next', () => {
    const { clock, first, second } = two();
    first.keep(['resp_1'], HOLDER, 'now');
    expect(second.find(['resp_1', 'resp_2'])).toEqual(new Map([['resp_1', HOLDER]]));
    first.keep(['resp_2', 'msg_2'], { provider: 'other', owners: [] }, 'soon');
    expect(first.find(['msg_2']).get('msg_2')).toEqual({ provider: 'other', owners: [] });
    expect(second.find(['resp_2', 'msg_2']).size).toBe(0);
    clock.advance(50);
    expect(second.find(['resp_2', 'msg_2'])).toEqual(
      new Map(['resp_2', 'msg_2'].map((id) => [id, { provider: 'other', owners: [] }])),
    );
  });

  test('is written with what waits when the ledger is closed', () => {
    const ledger = openLedger();
    ledger.holders().keep(['resp_1'], HOLDER, 'soon');
    ledger.close();
    expect(ids(ledger.file)).toEqual(['resp_1']);
  });

  test('is what was said last, and nothing once it is forgotten', () => {
    const { first, second } = two();
    first.keep(['resp_1'], HOLDER, 'now');
    second.keep(['resp_1'], { ...HOLDER, owners: ['key laptop', 'key other'] }, 'now');
    expect(first.find(['resp_1']).get('resp_1')?.owners).toEqual(['key laptop', 'key other']);
    first.forget('resp_1');
    expect(second.find(['resp_1']).size).toBe(0);
  });

  test('goes after thirty days, a few with each that comes', () => {
    const { clock, file, first } = two();
    for (let count = 0; count < 6; count += 1) first.keep([`old_${count}`], HOLDER, 'now');
    clock.advance(30 * DAY + 1);
    expect(first.find(['old_0']).size).toBe(0);
    first.keep(['new_1'], HOLDER, 'now');
    first.keep(['new_2'], HOLDER, 'now');
    expect(ids(file)).toEqual(['new_1', 'new_2']);
    first.keep(['new_1'], HOLDER, 'now');
    expect(ids(file)).toEqual(['new_2', 'new_1']);
  });

  test('goes with the attempts that are pruned', () => {
    const clock = createManualClock(0);
    const ledger = openLedger({ clock });
    ledger.holders().keep(['old'], HOLDER, 'now');
    clock.advance(2 * DAY);
    ledger.holders().keep(['new'], { provider: 'other', owners: [] }, 'now');
    ledger.prune({ olderThanMs: DAY });
    expect(ids(ledger.file)).toEqual(['new']);
    expect(ask(ledger.file, 'SELECT count(*) AS count FROM holders')).toEqual([{ count: 1 }]);
  });

  test('is bounded: an id of any length is taken for none, and what nobody would write is cut', () => {
    const { file, first } = two();
    first.keep(['x'.repeat(10_000), 'lone \ud800', "'; DROP TABLE held --"], HOLDER, 'now');
    expect(ids(file)).toEqual(['lone \ufffd', "'; DROP TABLE held --"]);
    expect(first.find(['x'.repeat(10_000)]).size).toBe(0);
  });

  test('is not known where the file can’t be used, and nobody is kept from answering', () => {
    const ledger = openLedger({ file: '/dev/null/signalbox.db', clock: createManualClock(0) });
    const holders = ledger.holders();
    holders.keep(['resp_1'], HOLDER, 'now');
    expect(holders.find(['resp_1', 'resp_2'])).toEqual(new Map([['resp_1', HOLDER]]));
    expect(holders.takeDue('resp_2')).toBeUndefined();
    holders.forget('resp_2');
  });

  test('of a file of version 8 is kept from there on', () => {
    const file = temporaryFile();
    const before = openLedger({ file });
    before.append(rowOf('1'));
    before.close();
    for (const table of ['holders', 'held']) ask(file, `DROP TABLE ${table}`);
    ask(file, 'PRAGMA user_version = 8');
    const ledger = openLedger({ file });
    ledger.holders().keep(['resp_1'], HOLDER, 'now');
    expect(ledger.rows()).toHaveLength(1);
    expect(ids(file)).toEqual(['resp_1']);
    expect(ask(file, 'PRAGMA user_version')).toEqual([{ user_version: MIGRATIONS.length }]);
  });
});

describe('what is due for an answer', () => {
  test('is taken once, whoever asks', () => {
    const { first, second } = two();
    first.keep(['resp_1'], { ...HOLDER, due: '{"all":1}' }, 'now');
    expect(second.find(['resp_1']).get('resp_1')?.due).toBe('{"all":1}');
    expect([second.takeDue('resp_1'), first.takeDue('resp_1'), second.takeDue('resp_1')]).toEqual([
      { due: '{"all":1}' },
      {},
      {},
    ]);
    expect(first.find(['resp_1'])).toEqual(new Map([['resp_1', HOLDER]]));
  });

  test('also where it waits to be written', () => {
    const { clock, first, second } = two();
    first.keep(['resp_1'], { ...HOLDER, due: '1' }, 'soon');
    expect(first.takeDue('resp_1')).toEqual({ due: '1' });
    clock.advance(50);
    expect([first.takeDue('resp_1'), second.takeDue('resp_1')]).toEqual([{}, {}]);
  });
});
