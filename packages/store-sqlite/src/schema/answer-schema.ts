import type { Migration, Schema } from './schema.ts';

/** The schema of kept answers, step by step. `size` is the sum of `bytes`, kept by triggers: whoever deletes, it is right. */
const ANSWER_MIGRATIONS: readonly Migration[] = [
  {
    to: 1,
    sql: `
CREATE TABLE answers (
  number INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  answer TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) STRICT;
CREATE INDEX answers_by_expiry ON answers (expires_at);
CREATE INDEX answers_by_use ON answers (used_at);

CREATE TABLE size (bytes INTEGER NOT NULL) STRICT;
INSERT INTO size VALUES (0);
CREATE TRIGGER answers_added AFTER INSERT ON answers BEGIN
  UPDATE size SET bytes = bytes + new.bytes;
END;
CREATE TRIGGER answers_removed AFTER DELETE ON answers BEGIN
  UPDATE size SET bytes = bytes - old.bytes;
END;
`,
  },
];

/** A file of kept answers; its mark is "sgca". */
export const ANSWER_SCHEMA: Schema = {
  what: 'a cache',
  applicationId: 0x73_67_63_61,
  migrations: ANSWER_MIGRATIONS,
};
