// The public surface of @signalbox/batch: what is not named here is not an API.
export { type BatchClient, createBatchClient } from './batch-client.ts';
export { encodeItem } from './encode-item.ts';
export { batchDecisionId, type CollectedResult, ledgerRow } from './ledger-row.ts';
export { splitBatches } from './split-batches.ts';
