import { expect, it } from 'vitest';
import { createGatewayKeyStore, createSqliteAnswerStore, createSqliteLedger } from '../src/index.ts';

it.each<[string, () => unknown, string]>([
  [
    'a ledger without a file',
    () => createSqliteLedger({} as never),
    'createSqliteLedger: file is missing, and must be a path, such as /var/lib/signalbox/ledger.db.',
  ],
  [
    'a ledger with an empty path',
    () => createSqliteLedger({ file: '' }),
    'createSqliteLedger: file is empty, and must be a path, such as /var/lib/signalbox/ledger.db.',
  ],
  [
    'a ledger without options',
    () => createSqliteLedger(undefined as never),
    'createSqliteLedger: file is missing, and must be a path, such as /var/lib/signalbox/ledger.db.',
  ],
  [
    'a ledger whose path stands where its options belong',
    () => createSqliteLedger('ledger.db' as never),
    'createSqliteLedger: the options are a text, and must be an object.',
  ],
  [
    'rows that wait for no end of time',
    () => createSqliteLedger({ file: 'l.db', flushMs: -1 }),
    'createSqliteLedger: flushMs is -1, and must be a number of milliseconds, 0 or more.',
  ],
  [
    'a slip',
    () => createSqliteLedger({ file: 'l.db', readOnly: true } as never),
    'createSqliteLedger: there is no option "readOnly"; did you mean readsOnly?',
  ],
  [
    'a store of answers whose file is an object',
    () => createSqliteAnswerStore({ file: { path: 'answers.db' } } as never),
    'createSqliteAnswerStore: file is an object, and must be a path, such as /var/lib/signalbox/answers.db.',
  ],
  [
    'a store of keys without a file',
    () => createGatewayKeyStore({} as never),
    'createGatewayKeyStore: file is missing, and must be a path, such as /var/lib/signalbox/keys.db.',
  ],
  [
    'a size in words',
    () => createSqliteAnswerStore({ file: 'a.db', maxBytes: '256MB' } as never),
    'createSqliteAnswerStore: maxBytes is a text, and must be a number of bytes, 0 or more.',
  ],
])('%s', (_, make, sentence) => {
  expect(make).toThrow(expect.objectContaining({ kind: 'configuration', message: sentence }));
});
