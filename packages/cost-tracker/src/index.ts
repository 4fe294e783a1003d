// The public surface of @signalbox/cost-tracker: what is not named here is not an API.
export { createMemoryLedger, type MemoryLedger, type MemoryLedgerOptions } from './memory-ledger.ts';
export { overridePrices } from './override-prices.ts';
export { createPricing, type PricingOptions } from './pricing.ts';
export { type DollarsPerThousandTokens, perThousandTokens, ratesPerThousandTokens } from './rates-per-thousand.ts';
export { type CostSummary, type ModelTotals, type ProviderTotals, summarise, type Totals } from './summarise.ts';
