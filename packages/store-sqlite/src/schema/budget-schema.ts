/** What processes hold of budgets, and which alerts were given. Whatever is in these tables ends by itself. */
export const CREATE_BUDGETS = `
CREATE TABLE leases (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  unit TEXT NOT NULL,
  holder TEXT NOT NULL,
  amount INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (scope, name, from_at, to_at, unit, holder)
) STRICT, WITHOUT ROWID;
CREATE INDEX leases_by_holder ON leases (holder);
CREATE INDEX leases_by_end ON leases (expires_at);
CREATE TABLE alerts (id TEXT PRIMARY KEY, until INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;

/**
 * `implicit_leases`: so much a process may hold of any account without a row of its own in `leases`. `tight_accounts`: accounts of which that is no longer so, since
 * when: there is too little left.
 */
export const CREATE_IMPLICIT_LEASES = `
CREATE TABLE implicit_leases (
  holder TEXT PRIMARY KEY,
  amount INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tight_accounts (
  scope TEXT NOT NULL,
  name TEXT NOT NULL,
  from_at INTEGER NOT NULL,
  to_at INTEGER NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (scope, name, from_at, to_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX tight_accounts_by_since ON tight_accounts (since);
CREATE INDEX tight_accounts_by_end ON tight_accounts (to_at);`;
