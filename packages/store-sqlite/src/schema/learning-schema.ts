/**
 * What is learned from: what became of answers, prompts as hashed numbers, measured calls; and what was learned. Outcomes and sketches belong to decisions and
 * are forgotten with them; of measured calls the newest of each model stay.
 */
export const CREATE_LEARNING = `
CREATE TABLE outcomes (
  id INTEGER PRIMARY KEY,
  decision INTEGER NOT NULL,
  candidate TEXT NOT NULL,
  source TEXT NOT NULL,
  good INTEGER NOT NULL,
  at INTEGER NOT NULL,
  judge TEXT,
  note TEXT,
  UNIQUE (decision, candidate, source)
) STRICT;

CREATE TABLE sketches (
  decision INTEGER PRIMARY KEY,
  digest INTEGER NOT NULL,
  sketch BLOB NOT NULL
) STRICT;
CREATE INDEX sketches_by_digest ON sketches (digest, decision);

CREATE TABLE measured (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  holder INTEGER NOT NULL,
  candidate TEXT NOT NULL,
  at INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  first_content_ms REAL,
  longest_gap_ms REAL,
  tokens_per_second REAL
) STRICT;
CREATE INDEX measured_by_candidate ON measured (candidate, id);

CREATE TABLE learned (
  name TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  content TEXT NOT NULL
) STRICT, WITHOUT ROWID;`;
