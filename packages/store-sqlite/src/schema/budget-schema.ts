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
