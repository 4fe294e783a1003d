import { createMemoryAnswerStore, createResponseCache, type SimilarityOptions } from '@signalbox/cache';
import type { Configuration } from '@signalbox/config';
import { type AnswerStore, type Candidate, type Clock, type ResponseCache, RouterError } from '@signalbox/core';
import type { Route, Router } from '@signalbox/router';
import type { Resolver } from './resolve-model.ts';

export interface CacheSetup {
  readonly configuration: Configuration;
  readonly resolver: Resolver;
  /** Where answers are kept; absent: in memory. */
  readonly store: AnswerStore | undefined;
  /** The router that the cache belongs to, when it is made: it embeds. */
  readonly router: () => Router;
  readonly onFault: ((sentence: string) => void) | undefined;
  readonly clock: Clock | undefined;
}

/** The response cache that a configuration asks for; `undefined` where it asks for none. Throws RouterError `configuration`. */
export function configuredCache(input: CacheSetup): ResponseCache | undefined {
  const { configuration, onFault, clock } = input;
  const { caching } = configuration;
  if (!caching.enabled) return undefined;
  if (caching.storage === 'disk' && input.store === undefined) {
    throw new RouterError({
      kind: 'configuration',
      message: 'caching.storage is disk, but this program brings no store for it: give setupRouter an answerStore.',
    });
  }
  return createResponseCache({
    store: input.store ?? createMemoryAnswerStore({ maxBytes: caching.maxBytes, clock }),
    ttlMs: caching.ttlMs,
    upstreamOf: (candidate) => upstreamOf(candidate, configuration),
    similarity: similarityOf(input),
    onFault,
    clock,
  });
}

/** What the configuration says of where a candidate is: an answer from elsewhere is another answer, be the names the same. */
function upstreamOf({ provider }: Candidate, { providers }: Configuration): string {
  const { endpoint, type, package: from, headers, options } = providers[provider.id] ?? {};
  return JSON.stringify([endpoint, type, from, headers, options]);
}

function similarityOf({ configuration, resolver, router, onFault }: CacheSetup): SimilarityOptions | undefined {
  const { enabled, model, threshold } = configuration.caching.semantic;
  if (!enabled) return undefined;
  if (model === undefined) {
    throw new RouterError({
      kind: 'configuration',
      message:
        'caching.semantic is enabled but names no model: set caching.semantic.model to one for embeddings, such as openai/text-embedding-3-small.',
    });
  }
  let route: Route;
  try {
    route = resolver.model(model);
  } catch (error) {
    if (!RouterError.is(error)) throw error;
    if (error.kind !== 'missing-key') {
      throw new RouterError({ kind: 'configuration', message: `caching.semantic.model: ${error.message}` });
    }
    // A key that is not there today is no mistake of the configuration's: only this part of it rests.
    onFault?.(`Similar questions can't be looked up: ${error.message}`);
    return undefined;
  }
  if (configuration.dataPolicy === 'local_only' && !route.candidates.some((one) => one.provider.local)) {
    throw new RouterError({
      kind: 'configuration',
      message: `caching.semantic.model: ${model} is not on this machine, where data_policy (local_only) keeps everything. Name a local model.`,
    });
  }
  return {
    threshold,
    async embed(text, { caller, signal }) {
      const { response } = await router().embed({ model, inputs: [text] }, { route, caller, signal });
      const [vector] = response.vectors;
      if (vector === undefined) throw new RouterError({ kind: 'internal', message: `${model} gave no vector.` });
      return vector;
    },
  };
}
