import { CREATE_BUDGETS, CREATE_IMPLICIT_LEASES } from './budget-schema.ts';
import { CREATE_HOLDERS } from './holder-schema.ts';
import { CREATE_LEARNING } from './learning-schema.ts';
import { CREATE_LIMIT_USES } from './limit-schema.ts';
import { CREATE_PERFORMANCE, CREATE_RECENT_PERFORMANCE, defineTallies, fillPerformance } from './performance-schema.ts';
import type { Migration, Schema } from './schema.ts';
import { CREATE_DAY_SUMS, CREATE_SUMS, FIRST_DIMENSIONS, fillDaySums, fillSums } from './sums-schema.ts';

/** Marks the file as ours (`PRAGMA application_id`): "sgbx". */
export const APPLICATION_ID = 0x73_67_62_78;

/**
 * Numbers that names have in every file, so that sums can be taken without looking names up. The provenances stand weakest
 * first: the weakest of several is the smallest number.
 */
export const FIXED_NAMES = { estimated: 1, counted: 2, reported: 3, success: 4, failure: 5, aborted: 6 } as const;

/** Names up to this number belong to the schema. */
export const LAST_FIXED_NAME = 16;

/** The view as the second step made it. */
const SECOND_VIEW = `DROP VIEW ledger;
CREATE VIEW ledger AS SELECT
  d.id AS decision,
  a.attempt,
  a.started_at,
  a.duration_ms,
  a.first_content_ms,
  (SELECT name FROM names WHERE id = a.strategy) AS strategy,
  (SELECT name FROM names WHERE id = a.task_type) AS task_type,
  (SELECT name FROM names WHERE id = a.complexity) AS complexity,
  (SELECT name FROM names WHERE id = a.requested_model) AS requested_model,
  (SELECT name FROM names WHERE id = a.candidate) AS candidate,
  (SELECT name FROM names WHERE id = a.provider) AS provider,
  (SELECT name FROM names WHERE id = a.model) AS model,
  (SELECT name FROM names WHERE id = a.answered_by) AS answered_by,
  (SELECT name FROM names WHERE id = a.outcome) AS outcome,
  (SELECT name FROM names WHERE id = a.error_kind) AS error_kind,
  a.error_status,
  (SELECT name FROM names WHERE id = a.lane) AS lane,
  a.simulated,
  (SELECT name FROM names WHERE id = a.finish_reason) AS finish_reason,
  a.input_tokens,
  a.output_tokens,
  a.cache_read_tokens,
  a.cache_write_5m_tokens,
  a.cache_write_1h_tokens,
  a.reasoning_tokens,
  a.input_audio_tokens,
  a.output_audio_tokens,
  a.web_searches,
  (SELECT name FROM names WHERE id = a.service_tier) AS service_tier,
  (SELECT name FROM names WHERE id = a.usage_provenance) AS usage_provenance,
  a.cost_nano_usd,
  (SELECT name FROM names WHERE id = a.cost_provenance) AS cost_provenance,
  (SELECT name FROM names WHERE id = a.tenant) AS tenant,
  (SELECT name FROM names WHERE id = a.user) AS user,
  (SELECT name FROM names WHERE id = a.key) AS key,
  (SELECT name FROM names WHERE id = a.session) AS session,
  (SELECT name FROM names WHERE id = a.tags) AS tags,
  a.notes,
  (SELECT name FROM names WHERE id = a.cause) AS cause,
  (SELECT name FROM names WHERE id = a.provider_key) AS provider_key,
  a.saved_nano_usd
FROM attempts a JOIN decisions d ON d.number = a.decision;`;

/** The same with the rule. */
const FIFTH_VIEW = SECOND_VIEW.replace(
  /\nFROM attempts/,
  ',\n  (SELECT name FROM names WHERE id = a.rule) AS rule\nFROM attempts',
);

/**
 * The schema, step by step. Words that repeat (models, providers, users, outcomes) stand once, in `names`; the text of decisions
 * that differ in figures alone stands once, in `shapes`. The view `ledger` puts the words back: it is what people and other
 * programs should read. Later steps are written in `*-schema.ts`, too: what they say there is not changed either.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    to: 1,
    sql: `
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO names (id, name) VALUES
  (1, 'estimated'), (2, 'counted'), (3, 'reported'), (4, 'success'), (5, 'failure'), (6, 'aborted'), (16, '');

CREATE TABLE shapes (id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, shape TEXT NOT NULL) STRICT;

-- Counts prunings: whoever remembers numbers of names and shapes forgets them when it changes.
CREATE TABLE pruned (generation INTEGER NOT NULL) STRICT;
INSERT INTO pruned VALUES (0);

CREATE TABLE decisions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  decided_at INTEGER NOT NULL,
  requested_model INTEGER,
  shape INTEGER NOT NULL,
  figures TEXT NOT NULL
) STRICT;

CREATE TABLE attempts (
  decision INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  first_content_ms INTEGER,
  strategy INTEGER NOT NULL,
  task_type INTEGER,
  complexity INTEGER,
  requested_model INTEGER,
  candidate INTEGER NOT NULL,
  provider INTEGER NOT NULL,
  model INTEGER NOT NULL,
  answered_by INTEGER,
  outcome INTEGER NOT NULL,
  error_kind INTEGER,
  error_status INTEGER,
  lane INTEGER NOT NULL,
  simulated INTEGER NOT NULL,
  finish_reason INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cache_read_tokens INTEGER,
  cache_write_5m_tokens INTEGER,
  cache_write_1h_tokens INTEGER,
  reasoning_tokens INTEGER,
  input_audio_tokens INTEGER,
  output_audio_tokens INTEGER,
  web_searches INTEGER,
  service_tier INTEGER,
  usage_provenance INTEGER,
  cost_nano_usd INTEGER,
  cost_provenance INTEGER,
  tenant INTEGER NOT NULL,
  user INTEGER,
  key INTEGER,
  session INTEGER,
  tags INTEGER,
  notes INTEGER NOT NULL,
  PRIMARY KEY (decision, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_by_time ON attempts (started_at);
CREATE INDEX attempts_by_user ON attempts (user, started_at) WHERE user IS NOT NULL;
CREATE INDEX attempts_by_session ON attempts (session, started_at) WHERE session IS NOT NULL;

CREATE VIEW ledger AS SELECT
  d.id AS decision,
  a.attempt,
  a.started_at,
  a.duration_ms,
  a.first_content_ms,
  (SELECT name FROM names WHERE id = a.strategy) AS strategy,
  (SELECT name FROM names WHERE id = a.task_type) AS task_type,
  (SELECT name FROM names WHERE id = a.complexity) AS complexity,
  (SELECT name FROM names WHERE id = a.requested_model) AS requested_model,
  (SELECT name FROM names WHERE id = a.candidate) AS candidate,
  (SELECT name FROM names WHERE id = a.provider) AS provider,
  (SELECT name FROM names WHERE id = a.model) AS model,
  (SELECT name FROM names WHERE id = a.answered_by) AS answered_by,
  (SELECT name FROM names WHERE id = a.outcome) AS outcome,
  (SELECT name FROM names WHERE id = a.error_kind) AS error_kind,
  a.error_status,
  (SELECT name FROM names WHERE id = a.lane) AS lane,
  a.simulated,
  (SELECT name FROM names WHERE id = a.finish_reason) AS finish_reason,
  a.input_tokens,
  a.output_tokens,
  a.cache_read_tokens,
  a.cache_write_5m_tokens,
  a.cache_write_1h_tokens,
  a.reasoning_tokens,
  a.input_audio_tokens,
  a.output_audio_tokens,
  a.web_searches,
  (SELECT name FROM names WHERE id = a.service_tier) AS service_tier,
  (SELECT name FROM names WHERE id = a.usage_provenance) AS usage_provenance,
  a.cost_nano_usd,
  (SELECT name FROM names WHERE id = a.cost_provenance) AS cost_provenance,
  (SELECT name FROM names WHERE id = a.tenant) AS tenant,
  (SELECT name FROM names WHERE id = a.user) AS user,
  (SELECT name FROM names WHERE id = a.key) AS key,
  (SELECT name FROM names WHERE id = a.session) AS session,
  (SELECT name FROM names WHERE id = a.tags) AS tags,
  a.notes
FROM attempts a JOIN decisions d ON d.number = a.decision;
`,
  },
  {
    to: 2,
    sql: `
ALTER TABLE attempts ADD COLUMN cause INTEGER;
ALTER TABLE attempts ADD COLUMN provider_key INTEGER;
ALTER TABLE attempts ADD COLUMN saved_nano_usd INTEGER;

${SECOND_VIEW}`,
  },
  // Sums by quarters of an hour: what a day or a month cost is known without reading its attempts. And what processes hold of budgets.
  { to: 3, sql: `${CREATE_SUMS}\n${fillSums('TRUE', FIRST_DIMENSIONS)}\n${CREATE_BUDGETS}` },
  // What became of answers, and what was measured and learned.
  { to: 4, sql: CREATE_LEARNING },
  // How often a routing rule was followed is counted from here on. And what processes use of rate limits.
  { to: 5, sql: `ALTER TABLE attempts ADD COLUMN rule INTEGER;\n${FIFTH_VIEW}\n${CREATE_LIMIT_USES}` },
  // How calls went; and sums by days, so that a month is not read by its quarters of an hour.
  {
    to: 6,
    sql: [CREATE_PERFORMANCE, fillPerformance('TRUE', 'TRUE'), CREATE_DAY_SUMS, fillDaySums('TRUE')].join('\n'),
  },
  // What processes may hold of any budget without a row for each.
  { to: 7, sql: CREATE_IMPLICIT_LEASES },
  // What was added to `performance` and is not carried over yet.
  { to: 8, sql: CREATE_RECENT_PERFORMANCE },
  // Which provider keeps what.
  { to: 9, sql: CREATE_HOLDERS },
];

/** The ledger's file. */
export const LEDGER_SCHEMA: Schema = {
  what: 'a ledger',
  applicationId: APPLICATION_ID,
  migrations: MIGRATIONS,
  define: defineTallies,
};
