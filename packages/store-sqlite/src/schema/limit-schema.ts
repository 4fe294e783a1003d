/** What processes used of rate limits, and hold to use. Whatever is in the table ends by itself. */
export const CREATE_LIMIT_USES = `
CREATE TABLE limit_uses (
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  slot INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  free_at INTEGER NOT NULL,
  PRIMARY KEY (name, holder, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX limit_uses_by_end ON limit_uses (free_at);`;
