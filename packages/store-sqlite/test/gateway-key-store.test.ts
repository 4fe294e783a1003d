import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createManualClock } from '../../../testing/manual-clock.ts';
import { createGatewayKeyStore, type GatewayKeyStore, KEY_PREFIX, type NewGatewayKey } from '../src/index.ts';
import { ask, temporaryFile } from './temporary-ledger.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const plain = (name: string): NewGatewayKey => ({ name, tags: [], limits: {} });

function openStore(file = temporaryFile('keys.db')) {
  const clock = createManualClock(0);
  const store = createGatewayKeyStore({ file, clock });
  onTestFinished(() => store.close());
  const opens = (secret: string, by: GatewayKeyStore = store) => by.find(sha256(secret))?.name;
  return { file, clock, store, opens };
}

describe('a key', () => {
  test('is found by the hash of its secret, with all that was said of it', () => {
    const { store, clock } = openStore();
    clock.advance(5_000);
    const said: NewGatewayKey = {
      name: 'ci',
      user: 'ada',
      tenant: 'lab',
      tags: ['nightly', 'ci'],
      models: ['claude-*'],
      limits: { budgetDaily: 5_000_000_000, requestsPerMinute: 60 },
      expiresAt: 90_000,
    };
    const { secret, key } = store.create(said);
    expect(secret).toMatch(new RegExp(`^${KEY_PREFIX}[\\w-]{43}$`));
    expect(key).toEqual({ ...said, createdAt: 5_000 });
    expect(store.find(sha256(secret))).toEqual({ ...key, revokedAt: undefined });
    expect(store.find(sha256(`${secret}x`))).toBeUndefined();
  });

  test('stands in the file as a hash alone, and the file is for this user alone', () => {
    const { file, store } = openStore();
    const { secret } = store.create(plain('ci'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(file, 'latin1');
    expect(bytes).toContain(sha256(secret));
    expect(bytes).not.toContain(secret.slice(KEY_PREFIX.length));
  });

  test('has a name of its own for good: one that was revoked is not made again', () => {
    const { store } = openStore();
    store.create(plain('ci'));
    expect(() => store.create(plain('ci'))).toThrow(/There is a key "ci" already/);
    store.revoke('ci');
    expect(() => store.create(plain('ci'))).toThrow(/There is a key "ci" already, or was one/);
  });

  test.each(['auto', 'signalbox/cost_optimized', 'claude-signalbox-auto'])(
    'is not made for %s, which is no model',
    (name) => {
      const { store } = openStore();
      expect(() => store.create({ ...plain('ci'), models: ['gpt-*', name] })).toThrow(
        `"${name}" is no model but chooses one, and every key may ask for it`,
      );
      expect(store.list()).toEqual([]);
    },
  );

  test('that is revoked is found as that, once and for all', () => {
    const { store, clock } = openStore();
    const { secret } = store.create(plain('ci'));
    clock.advance(10);
    expect(store.revoke('ci')).toMatchObject({ revokedAt: 10 });
    clock.advance(10);
    expect(store.revoke('ci')).toMatchObject({ revokedAt: 10 });
    expect(store.find(sha256(secret))).toMatchObject({ revokedAt: 10 });
    expect(() => store.rotate('ci', 0)).toThrow(/is revoked/);
    expect(() => store.revoke('cj')).toThrow(/There is no key "cj"/);
  });
});

describe('a new secret', () => {
  test('takes the place of the old one, which works as long as it was given', () => {
    const { store, clock, opens } = openStore();
    const first = store.create(plain('ci'));
    const second = store.rotate('ci', 60_000);
    expect([opens(first.secret), opens(second.secret)]).toEqual(['ci', 'ci']);
    clock.advance(59_999);
    expect(opens(first.secret)).toBe('ci');
    clock.advance(1);
    expect([opens(first.secret), opens(second.secret)]).toEqual([undefined, 'ci']);
  });

  test('does not give an older one more time', () => {
    const { store, clock, opens, file } = openStore();
    const first = store.create(plain('ci'));
    const second = store.rotate('ci', 0);
    store.rotate('ci', 60_000);
    expect([opens(first.secret), opens(second.secret)]).toEqual([undefined, 'ci']);
    clock.advance(60_000);
    store.rotate('ci', 0);
    expect(ask(file, 'SELECT count(*) AS secrets FROM secrets')).toEqual([{ secrets: 2 }]);
  });
});

describe('several processes', () => {
  test('let in at once who shows a key that another has just made, or a new secret', () => {
    const { file, store } = openStore();
    store.create(plain('first'));
    const other = openStore(file);
    expect(other.opens('guessed')).toBeUndefined();
    const { secret } = store.create(plain('ci'));
    expect(other.opens(secret)).toBe('ci');
    const next = store.rotate('ci', 0);
    expect(other.opens(next.secret)).toBe('ci');
  });

  test('see what another has changed within a second, and not before they look', () => {
    const { file, store, opens } = openStore();
    const other = openStore(file);
    expect(other.store.exist()).toBe(false);
    const { secret } = store.create(plain('ci'));
    expect(opens(secret)).toBe('ci');
    other.clock.advance(1_000);
    expect([other.store.exist(), other.opens(secret)]).toEqual([true, 'ci']);
    store.revoke('ci');
    expect(other.store.find(sha256(secret))?.revokedAt).toBeUndefined();
    other.clock.advance(1_000);
    expect(other.store.find(sha256(secret))?.revokedAt).toBe(0);
  });

  test('make keys at once; none is lost', async () => {
    const file = temporaryFile('made/at/once.db');
    const program = fileURLToPath(new URL('./key-making-program.ts', import.meta.url));
    const words = ['--conditions=@signalbox/source', '--disable-warning=ExperimentalWarning', program, file];
    const ends = ['a', 'b', 'c'].map(async (name) => {
      const child = spawn(process.execPath, [...words, name, '6'], { stdio: ['ignore', 'inherit', 'inherit'] });
      return (await once(child, 'close'))[0];
    });
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    expect(openStore(file).store.list()).toHaveLength(18);
  });
});

describe('the file', () => {
  test('is not made by looking', () => {
    const { file, store } = openStore();
    expect([store.exist(), store.list(), store.find(sha256('x'))]).toEqual([false, [], undefined]);
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined();
  });

  test('that is damaged opens nothing', () => {
    const { file, store, clock } = openStore();
    const { secret } = store.create(plain('ci'));
    store.close();
    writeFileSync(file, 'this is no database, but it is long enough to be taken for one at a first look');
    clock.advance(1_000);
    expect(() => store.find(sha256(secret))).toThrow(
      /The file of keys .* can't be used: the file is no SQLite database/,
    );
  });

  test('that somebody removed takes its keys along', () => {
    const { file, store, clock, opens } = openStore();
    const { secret } = store.create(plain('ci'));
    rmSync(file);
    clock.advance(1_000);
    expect(opens(secret)).toBeUndefined();
    expect(opens(store.create(plain('cd')).secret)).toBe('cd');
  });

  test('of another kind is left as it is', () => {
    const { file, store } = openStore();
    ask(file, 'CREATE TABLE recipes (name TEXT)');
    expect(() => store.create(plain('ci'))).toThrow(/holds something else than the gateway's keys/);
    expect(ask(file, 'SELECT name FROM sqlite_schema')).toEqual([{ name: 'recipes' }]);
  });
});
