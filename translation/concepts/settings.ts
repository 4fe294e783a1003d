import type { Message, ModelRequest, ReasoningPart } from '../../packages/core/src/index.ts';
import type { RequestConcept, Section } from '../concept.ts';

const schema = {
  type: 'object',
  properties: { rain: { type: 'boolean' } },
  required: ['rain'],
  additionalProperties: false,
};

/** A conversation in which the model has thought. */
function thought(part: ReasoningPart): Partial<ModelRequest> {
  const messages: Message[] = [
    { role: 'user', parts: [{ type: 'text', text: 'Is it raining?' }] },
    { role: 'assistant', parts: [part, { type: 'text', text: 'No.' }] },
    { role: 'user', parts: [{ type: 'text', text: 'And now?' }] },
  ];
  return { messages };
}

/** How the answer is to be made. */
export const SETTINGS: readonly Section<RequestConcept>[] = [
  {
    title: 'Sampling and limits',
    concepts: [
      { name: 'output limit', request: { maxOutputTokens: 1000 } },
      { name: 'no output limit', request: { maxOutputTokens: undefined } },
      { name: 'temperature', request: { sampling: { temperature: 0.5 } } },
      { name: 'temperature above 1', request: { sampling: { temperature: 1.5 } } },
      { name: 'top_p', request: { sampling: { topP: 0.9 } } },
      { name: 'top_k', request: { sampling: { topK: 40 } } },
      { name: 'min_p', request: { sampling: { minP: 0.1 } } },
      {
        name: 'frequency and presence penalty',
        request: { sampling: { frequencyPenalty: 0.5, presencePenalty: 0.5 } },
      },
      { name: 'seed', request: { sampling: { seed: 7 } } },
      { name: 'stop sequences', request: { stopSequences: ['END'] } },
      { name: 'six stop sequences', request: { stopSequences: ['a', 'b', 'c', 'd', 'e', 'f'] } },
      { name: 'output limit of zero (Anthropic: fill the cache)', request: { maxOutputTokens: 0 } },
      { name: 'several answers', request: { candidateCount: 2 } },
      { name: 'verbosity', request: { verbosity: 'low' } },
      { name: 'log probabilities', request: { logprobs: { alternatives: 2 } } },
    ],
  },
  {
    title: 'Reasoning',
    concepts: [
      { name: 'reasoning on', request: { reasoning: { mode: 'on' } } },
      { name: 'reasoning off', request: { reasoning: { mode: 'off' } } },
      { name: 'adaptive reasoning', request: { reasoning: { mode: 'adaptive' } } },
      { name: 'effort', request: { reasoning: { effort: 'low' } } },
      { name: 'effort: xhigh', request: { reasoning: { effort: 'xhigh' } } },
      { name: 'budget of thinking tokens', request: { reasoning: { mode: 'on', budgetTokens: 2000 } } },
      { name: 'reasoning shown in full', request: { reasoning: { mode: 'on', display: 'full' } } },
      { name: 'reasoning shown as a summary', request: { reasoning: { mode: 'on', display: 'summary' } } },
      { name: 'earlier reasoning, unsigned', request: thought({ type: 'reasoning', text: 'Let me see.' }) },
      ...['anthropic', 'google', 'openai-responses'].map((issuer) => ({
        name: `earlier reasoning, signed by ${issuer}`,
        request: thought({ type: 'reasoning', text: 'Let me see.', signature: { issuer, value: 'c2lnbmVk' } }),
      })),
      {
        name: 'earlier reasoning, encrypted by openai',
        request: thought({ type: 'reasoning', text: '', encrypted: { issuer: 'openai-responses', value: 'c2VjcmV0' } }),
      },
    ],
  },
  {
    title: 'Form of the answer',
    concepts: [
      { name: 'any JSON', request: { output: { type: 'json' } } },
      { name: 'JSON Schema', request: { output: { type: 'json-schema', schema } } },
      {
        name: 'name and description of a schema',
        request: { output: { type: 'json-schema', schema, name: 'weather', description: 'Rain or not.' } },
      },
      { name: 'strict schema', request: { output: { type: 'json-schema', schema, strict: true } } },
      { name: 'sound in the answer', request: { outputModalities: ['text', 'audio'] } },
      { name: 'pictures in the answer', request: { outputModalities: ['text', 'image'] } },
      { name: 'lenient schema', request: { output: { type: 'json-schema', schema, strict: false } } },
    ],
  },
  {
    title: 'Caches, users, tiers',
    concepts: [
      {
        name: 'cache mark on the system prompt',
        request: { system: [{ type: 'text', text: 'Be brief.', cache: {} }] },
      },
      {
        name: 'cache mark on a message',
        request: {
          messages: [{ role: 'user', parts: [{ type: 'text', text: 'Is it raining?', cache: { ttl: '5m' } }] }],
        },
      },
      { name: 'cache mark on a tool', request: { tools: [{ type: 'function', name: 'now', cache: { ttl: '1h' } }] } },
      { name: 'key of a prompt cache', request: { promptCacheKey: 'conversation-7' } },
      { name: 'id of the end user', request: { userId: 'user-7' } },
      ...['standard', 'flex', 'priority'].map((serviceTier) => ({
        name: `service tier: ${serviceTier}`,
        request: { serviceTier },
      })),
      { name: 'field that one format alone knows', request: { extensions: { 'somewhere-else': { novelty: true } } } },
    ],
  },
];
