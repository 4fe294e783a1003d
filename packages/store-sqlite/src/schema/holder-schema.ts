/**
 * Which provider keeps what, by the ids that it gave out: `held`, whose numbers grow with time. Who holds something, with which key and for whom, stands once, in `holders`: JSON without any
 * secret. `due`: what is still to be booked.
 */
export const CREATE_HOLDERS = `
CREATE TABLE holders (number INTEGER PRIMARY KEY, holder TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE held (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  holder INTEGER NOT NULL,
  at INTEGER NOT NULL,
  due TEXT
) STRICT;`;
