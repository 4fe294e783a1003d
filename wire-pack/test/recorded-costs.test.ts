import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { asArray, asObject, type JsonObject, type ModelFacts, type Rates } from '../../packages/core/src/index.ts';
import { createPricing } from '../../packages/cost-tracker/src/index.ts';
import { FORMATS } from '../formats.ts';
import { readPack } from '../pack.ts';
import { readAnswer } from '../rungs/answer.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
// biome-ignore lint/suspicious/noUndeclaredEnvVars: where reference material lies, for tests that skip without it.
const RECORDINGS = join(process.env.SIGNALBOX_SHARED ?? `${root}../shared`, 'wire');

// No rate is the sum or the difference of others: a token that is billed twice, or at a wrong rate, changes the sum.
const RATES = {
  input: 1_000_003,
  output: 10_000_019,
  cacheRead: 100_003,
  cacheWrite5m: 1_250_021,
  cacheWrite1h: 2_000_081,
  inputAudio: 3_000_029,
  outputAudio: 20_000_147,
  reasoning: 7_000_073,
  webSearch: 5_000_000_029,
} as const satisfies Rates;
type Kind = keyof typeof RATES;
type Counts = Partial<Record<Kind, number>>;

const number = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : 0);
const details = (usage: JsonObject, key: string): JsonObject => asObject(usage[key]) ?? {};

/** Cached input is outside of Anthropic's input; steps of compaction are outside of all its figures. */
function anthropic(answer: JsonObject): Counts | undefined {
  const usage = asObject(answer.usage);
  if (usage === undefined) return undefined;
  const steps = asArray(usage.iterations).map((step) => asObject(step) ?? {});
  const billed = [usage, ...steps.filter((step) => step.type === 'compaction')];
  const sum = (count: (one: JsonObject) => number) => billed.reduce((total, one) => total + count(one), 0);
  const longWrites = (one: JsonObject) => number(details(one, 'cache_creation').ephemeral_1h_input_tokens);
  const thinking = number(details(usage, 'output_tokens_details').thinking_tokens);
  return {
    input: sum((one) => number(one.input_tokens)),
    cacheRead: sum((one) => number(one.cache_read_input_tokens)),
    cacheWrite5m: sum((one) => number(one.cache_creation_input_tokens) - longWrites(one)),
    cacheWrite1h: sum(longWrites),
    output: sum((one) => number(one.output_tokens)) - thinking,
    reasoning: thinking,
    webSearch: number(details(usage, 'server_tool_use').web_search_requests),
  };
}

/** Cached input is inside of the prompt; reasoning is inside of the completion, unless the total says that it is not. */
function openaiChat(answer: JsonObject): Counts | undefined {
  const usage = asObject(answer.usage) ?? asObject(asObject(answer.x_groq)?.usage);
  if (usage === undefined) return undefined;
  const prompt = number(usage.prompt_tokens ?? usage.input_tokens);
  const completion = number(usage.completion_tokens ?? usage.output_tokens);
  const given = details(usage, 'prompt_tokens_details');
  const made = details(usage, 'completion_tokens_details');
  const outside = Math.max(0, number(usage.total_tokens) - prompt - completion);
  const audio = number(given.audio_tokens);
  const audioOutside = outside > 0 && outside === audio;
  const said = Math.max(number(made.reasoning_tokens), number(usage.reasoning_tokens));
  // Google's endpoint counts thoughts in the total alone.
  const reasoning = said === 0 && !audioOutside ? outside : said;
  const reasoningOutside = outside > 0 && outside === reasoning;
  const cached = Math.max(
    ...[given.cached_tokens, usage.prompt_cache_hit_tokens, usage.cached_tokens, usage.num_cached_tokens].map(number),
  );
  // Grok on Azure reports a hidden prefix that the prompt leaves out: the prompt itself was not cached.
  const read = cached > prompt ? 0 : cached;
  const audioOut = number(made.audio_tokens);
  const tools = asObject(usage.server_tool_use_details) ?? asObject(usage.server_tool_use) ?? {};
  return {
    input: prompt + (audioOutside ? audio : 0) - read - number(given.cache_write_tokens) - audio,
    cacheRead: read,
    cacheWrite5m: number(given.cache_write_tokens),
    inputAudio: audio,
    output: completion + (reasoningOutside ? reasoning : 0) - reasoning - audioOut,
    outputAudio: audioOut,
    reasoning,
    webSearch: Math.max(number(tools.web_search_requests), number(usage.num_search_queries)),
  };
}

/** Everything is inside. */
function openaiResponses(answer: JsonObject): Counts | undefined {
  const usage = asObject(answer.usage);
  if (usage === undefined) return undefined;
  const given = details(usage, 'input_tokens_details');
  const made = details(usage, 'output_tokens_details');
  const read = number(given.cached_tokens);
  const written = number(given.cache_write_tokens);
  const reasoning = number(made.reasoning_tokens);
  return {
    input: number(usage.input_tokens) - read - written,
    cacheRead: read,
    cacheWrite5m: written,
    output: number(usage.output_tokens) - reasoning,
    reasoning,
    webSearch: number(details(details(answer, 'tool_usage'), 'web_search').num_requests),
  };
}

/** Cached input is inside of the prompt; thoughts are outside of the candidates, tool-use prompts outside of the prompt. */
function gemini(answer: JsonObject): Counts | undefined {
  const usage = asObject(answer.usageMetadata);
  if (usage === undefined) return undefined;
  const ofAudio = (key: string) =>
    asArray(usage[key])
      .map((entry) => asObject(entry) ?? {})
      .filter(({ modality }) => modality === 'AUDIO' || modality === 4)
      .reduce((sum, { tokenCount }) => sum + number(tokenCount), 0);
  const read = number(usage.cachedContentTokenCount);
  const prompt = number(usage.promptTokenCount) + number(usage.toolUsePromptTokenCount);
  // Audio that was cached is billed as cached.
  const audio = Math.min(ofAudio('promptTokensDetails'), prompt - read);
  const audioOut = ofAudio('candidatesTokensDetails');
  return {
    input: prompt - read - audio,
    cacheRead: read,
    inputAudio: audio,
    output: number(usage.candidatesTokenCount) - audioOut,
    outputAudio: audioOut,
    reasoning: number(usage.thoughtsTokenCount),
  };
}

function ollama(answer: JsonObject): Counts | undefined {
  if (answer.prompt_eval_count === undefined && answer.eval_count === undefined) return undefined;
  return { input: number(answer.prompt_eval_count), output: number(answer.eval_count) };
}

/** What the recorded figures cost, read off the provider's own fields by the rules of its documentation. */
const ORACLES: Readonly<Record<string, (answer: JsonObject) => Counts | undefined>> = {
  'anthropic.messages': anthropic,
  'openai.chat': openaiChat,
  'openai.responses': openaiResponses,
  'google.generateContent': gemini,
  'ollama.chat': ollama,
};

const nanoUsd = (counts: Counts): number => {
  let total = 0n;
  for (const [kind, count] of Object.entries(counts)) total += BigInt(count) * BigInt(RATES[kind as Kind]);
  return Number((total + 500_000n) / 1_000_000n);
};

it.skipIf(!existsSync(RECORDINGS))(
  'every recorded usage is priced without counting a token twice (skipped without the recordings)',
  () => {
    const facts: ModelFacts = {
      id: 'recorded',
      provider: 'recorded',
      name: 'Recorded',
      type: 'chat',
      status: 'active',
      capabilities: {},
      prices: [RATES],
    };
    const pricing = createPricing();
    const wrong: string[] = [];
    const priced = new Map<string, number>();
    for (const exchange of readPack(RECORDINGS).exchanges) {
      const recorded = FORMATS.find((one) => one.endpoint === exchange.endpoint);
      const oracle = ORACLES[exchange.endpoint];
      if (recorded === undefined || oracle === undefined || exchange.response.status >= 400 || exchange.partial)
        continue;
      const { response, body } = readAnswer(exchange, recorded);
      const said = asObject(body);
      if (response === undefined || said === undefined) continue;
      const expected = oracle(said);
      const { usage } = response;
      if (expected === undefined || usage === undefined) {
        if (expected !== undefined && nanoUsd(expected) > 0) wrong.push(`${exchange.id}: usage that was not read`);
        continue;
      }
      // Only Google's answers say how often grounding searched in another place than the usage.
      const counts =
        exchange.endpoint === 'google.generateContent' ? { ...expected, webSearch: usage.webSearches ?? 0 } : expected;
      const cost = pricing.cost(facts, usage, 0)?.nanoUsd;
      if (cost !== nanoUsd(counts)) {
        wrong.push(
          `${exchange.id}: ${cost} instead of ${nanoUsd(counts)}: ${JSON.stringify(usage)} of ${JSON.stringify(counts)}`,
        );
      }
      const name = `${exchange.provider}/${exchange.endpoint}`;
      priced.set(name, (priced.get(name) ?? 0) + 1);
    }
    expect(wrong).toEqual([]);
    // A pack without figures would prove nothing.
    expect(new Set([...priced.keys()].map((name) => name.split('/')[1]))).toEqual(new Set(Object.keys(ORACLES)));
    expect([...priced.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(500);
  },
  120_000,
);
