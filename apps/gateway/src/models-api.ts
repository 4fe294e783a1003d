import type { Candidate } from '@signalbox/core';
import type { GatewayContext } from './exchange.ts';

/** `GET /v1/models`: the models that can be asked for, in Anthropic's shape for Anthropic's clients, else in OpenAI's. */
export function modelsApi(candidates: readonly Candidate[]): (context: GatewayContext) => Response {
  const list = distinctModels(candidates);

  return function listModels(context: GatewayContext): Response {
    const forAnthropic = context.req.header('anthropic-version') !== undefined;
    return Response.json(forAnthropic ? anthropicList(list) : openaiList(list));
  };
}

function anthropicList(candidates: readonly Candidate[]) {
  const data = candidates.map(({ model, facts }) => ({
    type: 'model',
    id: model,
    display_name: facts.name,
    created_at: new Date(facts.released ?? 0).toISOString(),
    max_input_tokens: facts.maxInput ?? facts.contextWindow ?? null,
    max_tokens: facts.maxOutput ?? null,
  }));
  return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}

function openaiList(candidates: readonly Candidate[]) {
  const routed = { id: 'auto', object: 'model', created: 0, owned_by: 'signalbox' };
  const data = candidates.map(({ model, facts, provider }) => ({
    id: model,
    object: 'model',
    created: facts.released === undefined ? 0 : Math.floor(Date.parse(facts.released) / 1000),
    owned_by: provider.id,
  }));
  return { object: 'list', data: [routed, ...data] };
}

/** `GET /v1beta/models`: the same in Google's shape. */
export function geminiModelsApi(candidates: readonly Candidate[]): () => Response {
  const models = distinctModels(candidates).map(({ model, facts }) => ({
    name: `models/${model}`,
    baseModelId: model,
    displayName: facts.name,
    inputTokenLimit: facts.maxInput ?? facts.contextWindow,
    outputTokenLimit: facts.maxOutput,
    supportedGenerationMethods: facts.type === 'embedding' ? ['embedContent'] : ['generateContent', 'countTokens'],
  }));
  return () => Response.json({ models });
}

/** One candidate for each model id: the first, as a name alone would choose it. */
export function distinctModels(candidates: readonly Candidate[]): readonly Candidate[] {
  const unique = new Map<string, Candidate>();
  for (const candidate of candidates) if (!unique.has(candidate.model)) unique.set(candidate.model, candidate);
  return [...unique.values()];
}
