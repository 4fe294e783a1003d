// The public surface of @signalbox/store-sqlite: what is not named here is not an API.
export type { ModelSpeed, RequestsQuery } from './each-request.ts';
export {
  createGatewayKeyStore,
  type GatewayKeyStore,
  type GatewayKeyStoreOptions,
  KEY_PREFIX,
  type NewGatewayKey,
  type SecretKey,
} from './gateway-key-store.ts';
export { inspectStore, type StoreInspection } from './inspect-file.ts';
export type {
  JudgedAnswer,
  Judgement,
  JudgeScope,
  LearningStore,
  StoredSketchedOutcome,
} from './learning-store.ts';
export type { LedgerQuery } from './ledger-query.ts';
export type { ModelPerformance, Percentiles } from './model-performance.ts';
export type { RowsQuery } from './select-rows.ts';
export {
  type AnswerStoreSize,
  createSqliteAnswerStore,
  type SqliteAnswerStore,
  type SqliteAnswerStoreOptions,
} from './sqlite-answer-store.ts';
export { createSqliteLedger, type SqliteLedger, type SqliteLedgerOptions } from './sqlite-ledger.ts';
export type { StoredAttempt } from './stored-attempt.ts';
export type { LedgerTotals, TotalsGroup, TotalsQuery } from './totals.ts';
