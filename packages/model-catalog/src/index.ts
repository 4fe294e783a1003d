// The public surface of @signalbox/model-catalog: what is not named here is not an API.
export {
  createModelCatalog,
  type ModelCatalog,
  type ModelCatalogOptions,
  STALE_AFTER_DAYS,
} from './model-catalog.ts';
export { PROMPT_CACHE_TABLE, promptCacheTerms } from './prompt-cache-table.ts';
export type { Resolution } from './resolve.ts';
export type { ModelQuery } from './search.ts';
