// The public surface of @signalbox/cache: what is not named here is not an API.
export { createResponseCache, type ResponseCacheOptions } from './create-response-cache.ts';
export {
  createMemoryAnswerStore,
  type MemoryAnswerStore,
  type MemoryAnswerStoreOptions,
} from './memory-answer-store.ts';
export type { SimilarityOptions } from './similar-answers.ts';
