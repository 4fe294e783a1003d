// The public surface of @signalbox/store-sqlite: what is not named here is not an API.

export {
  type AnswerStoreSize,
  createSqliteAnswerStore,
  type SqliteAnswerStore,
  type SqliteAnswerStoreOptions,
} from './answers/sqlite-answer-store.ts';
export { inspectStore, type StoreInspection } from './inspect-file.ts';
export {
  createGatewayKeyStore,
  type GatewayKeyStore,
  type GatewayKeyStoreOptions,
  KEY_PREFIX,
  type NewGatewayKey,
  type SecretKey,
} from './keys/gateway-key-store.ts';
export type { JudgedAnswer, JudgeScope } from './learning/find-answer.ts';
export type {
  Judgement,
  LearningStore,
  ModelVerdicts,
  StoredSketchedOutcome,
} from './learning/learning-store.ts';
export type { ModelPerformance, Percentiles } from './performance/model-performance.ts';
export type { ModelSpeed, RequestsQuery } from './rows/each-request.ts';
export type { LedgerQuery } from './rows/ledger-query.ts';
export type { RowsQuery } from './rows/select-rows.ts';
export type { StoredAttempt } from './rows/stored-attempt.ts';
export { createSqliteLedger, type SqliteLedger, type SqliteLedgerOptions } from './sqlite-ledger.ts';
export type { LedgerTotals } from './sums/totals.ts';
export type { TotalsGroup, TotalsQuery } from './sums/totals-query.ts';
