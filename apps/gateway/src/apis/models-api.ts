import { type Candidate, type ModelFacts, RouterError } from '@signalbox/core';
import { anthropicMessages } from '@signalbox/format-anthropic';
import { gemini } from '@signalbox/format-gemini';
import { openaiChat } from '@signalbox/format-openai';
import { mayUse } from '@signalbox/router';
import { CLAUDE_NAME_PREFIX, type RoutedName } from '@signalbox/setup';
import type { GatewayContext } from '../request/exchange.ts';
import { speaksGoogle } from '../request/presented-keys.ts';
import { type ApiOptions, errorAnswer } from './api-options.ts';
import { anthropicPage, googlePage } from './model-pages.ts';

/** A line of a list: a model, or a name that is routed. */
interface ListedModel {
  readonly id: string;
  readonly title: string;
  readonly owner: string;
  /** Unix milliseconds; 0: unknown. */
  readonly released: number;
  readonly maxInput?: number | undefined;
  readonly maxOutput?: number | undefined;
  readonly lifecycle?: ModelFacts['status'] | undefined;
  /** The day after which it is gone. */
  readonly retires?: string | undefined;
}

/** `GET /v1/models`: what can be asked for, in Anthropic's or Google's shape for their clients, else in OpenAI's. */
export function modelsApi(options: ApiOptions): (context: GatewayContext) => Response {
  const asGoogle = geminiModelsApi(options);
  return (context) => {
    if (!speaksAnthropic(context) && speaksGoogle(context)) return asGoogle(context);
    const list = listedFor(context, options);
    if (!speaksAnthropic(context)) return Response.json({ object: 'list', data: list.map(openaiModel) });
    try {
      const { items, hasMore } = anthropicPage(list, idOf, (name) => context.req.query(name));
      const data = items.map(anthropicModel);
      const [first, last] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
      return Response.json({ data, has_more: hasMore, first_id: first, last_id: last });
    } catch (error) {
      return errorAnswer(error, anthropicMessages, options);
    }
  };
}

/** `GET /v1/models/{id}`: one of them. */
export function modelApi(options: ApiOptions): (context: GatewayContext) => Response {
  const asGoogle = geminiModelApi(options, '/v1/models/');
  return (context) => {
    if (!speaksAnthropic(context) && speaksGoogle(context)) return asGoogle(context);
    const id = nameBehind('/v1/models/', context);
    const list = listedFor(context, options);
    // A name behind the prefix means the same for whoever asks, whether it stands in their list or not.
    const found =
      list.find((one) => one.id === id) ??
      list.map(forClaudeCode).find((one) => one.id === id) ??
      unlisted(id, context, options);
    const anthropic = speaksAnthropic(context);
    if (found !== undefined) return Response.json(anthropic ? anthropicModel(found) : openaiModel(found));
    return errorAnswer(unknownModel(id), anthropic ? anthropicMessages : openaiChat, options);
  };
}

function unlisted(id: string, context: GatewayContext, options: ApiOptions): ListedModel | undefined {
  const candidate = modelNamed(id, context, options);
  return candidate && { ...listedModel(candidate), id };
}

/** The model that a name means which stands in no list (`openai/gpt-4o`, a short name, an id with its date): whoever may ask for it may look at it. */
export function modelNamed(id: string, context: GatewayContext, { routes }: ApiOptions): Candidate | undefined {
  try {
    const route = routes?.resolve(id);
    const [only] = route?.strategy.name === 'manual' ? route.candidates : [];
    return only !== undefined && mayUse(context.get('caller'), only) ? only : undefined;
  } catch (error) {
    if (RouterError.is(error)) return undefined;
    throw error;
  }
}

/** The rest of a path as text; what is wrongly encoded stays as it was written. */
function nameBehind(prefix: string, { req }: GatewayContext): string {
  const written = req.path.slice(prefix.length);
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}

function unknownModel(id: string): RouterError {
  const message = `The model "${id}" is unknown: see the list of models.`;
  return new RouterError({ kind: 'unknown-model', message, parameter: 'model' });
}

const idOf = ({ id }: ListedModel) => id;

const speaksAnthropic = ({ req }: GatewayContext) => req.header('anthropic-version') !== undefined;

/** Claude Code's picker passes over names that begin otherwise; the gateway takes any name behind the prefix. */
function listedFor(context: GatewayContext, options: ApiOptions): readonly ListedModel[] {
  const names = namesFor(context, options);
  const list = [...names.map(routedName), ...modelsFor(context, options).map(listedModel)];
  const isClaudeCode = /^claude-(code|cli)\//.test(context.req.header('user-agent') ?? '');
  // A model's own name may be routed; it stands there once.
  const unique = new Map<string, ListedModel>();
  for (const one of isClaudeCode ? list.map(forClaudeCode) : list) if (!unique.has(one.id)) unique.set(one.id, one);
  return [...unique.values()];
}

const forClaudeCode = (one: ListedModel): ListedModel =>
  /^(claude|anthropic)/.test(one.id) ? one : { ...one, id: `${CLAUDE_NAME_PREFIX}${one.id.replace('signalbox/', '')}` };

/** The routed names that mean a model which the caller may use. */
export function namesFor(context: GatewayContext, { routes }: ApiOptions): readonly RoutedName[] {
  if (routes === undefined) return [{ name: 'auto', meaning: 'routed' }];
  const caller = context.get('caller');
  if (caller.models === undefined) return routes.names;
  return routes.names.filter(({ name }) => {
    try {
      return routes.resolve(name).candidates.some((candidate) => mayUse(caller, candidate));
    } catch (error) {
      if (RouterError.is(error)) return false;
      throw error;
    }
  });
}

const routedName = ({ name, meaning }: { readonly name: string; readonly meaning: string }): ListedModel => {
  return { id: name, title: `${name} (Signalbox: ${meaning})`, owner: 'signalbox', released: 0 };
};

const listedModel = ({ model, facts, provider }: Candidate): ListedModel => ({
  id: model,
  title: facts.name,
  owner: provider.id,
  released: facts.released === undefined ? 0 : Date.parse(facts.released),
  maxInput: facts.maxInput ?? facts.contextWindow,
  maxOutput: facts.maxOutput,
  lifecycle: facts.status,
  retires: facts.retires,
});

const anthropicModel = ({ id, title, released, maxInput, maxOutput, lifecycle, retires }: ListedModel) => ({
  type: 'model',
  id,
  display_name: title,
  created_at: new Date(released).toISOString(),
  max_input_tokens: maxInput ?? null,
  max_tokens: maxOutput ?? null,
  lifecycle: lifecycle ?? 'active',
  retires_at: retires === undefined || Number.isNaN(Date.parse(retires)) ? null : new Date(retires).toISOString(),
  // Its types say that these are always there; nobody told us of them.
  deprecated_at: null,
  capabilities: null,
  line: null,
});

const openaiModel = ({ id, owner, released }: ListedModel) => ({
  id,
  object: 'model',
  created: Math.floor(released / 1000),
  owned_by: owner,
});

/** `GET /v1beta/models`: the same in Google's shape, page by page. */
export function geminiModelsApi(options: ApiOptions): (context: GatewayContext) => Response {
  return (context) => {
    try {
      const list = geminiModels(context, options);
      const { items, nextPageToken } = googlePage(
        list,
        ({ name }) => name,
        (name) => context.req.query(name),
      );
      return Response.json({ models: items, nextPageToken });
    } catch (error) {
      return errorAnswer(error, gemini, options);
    }
  };
}

/** `GET /v1beta/models/{id}`. */
export function geminiModelApi(options: ApiOptions, prefix = '/v1beta/models/'): (context: GatewayContext) => Response {
  return (context) => {
    const id = nameBehind(prefix, context);
    const named = () => {
      const candidate = modelNamed(id, context, options);
      return candidate && { ...geminiModel(candidate), name: `models/${id}` };
    };
    const found = geminiModels(context, options).find(({ name }) => name === `models/${id}`) ?? named();
    return found === undefined ? errorAnswer(unknownModel(id), gemini, options) : Response.json(found);
  };
}

/** What is routed and the models; a model's own name that is routed stands there once. */
function geminiModels(context: GatewayContext, options: ApiOptions): readonly GeminiModel[] {
  const unique = new Map<string, GeminiModel>();
  for (const { name, meaning } of namesFor(context, options)) {
    unique.set(name, {
      name: `models/${name}`,
      baseModelId: name,
      displayName: `${name} (Signalbox: ${meaning})`,
      supportedGenerationMethods: CHAT_METHODS,
    });
  }
  for (const candidate of modelsFor(context, options))
    if (!unique.has(candidate.model)) unique.set(candidate.model, geminiModel(candidate));
  return [...unique.values()];
}

interface GeminiModel {
  readonly name: string;
  readonly baseModelId: string;
  readonly displayName: string;
  readonly inputTokenLimit?: number | undefined;
  readonly outputTokenLimit?: number | undefined;
  readonly supportedGenerationMethods: readonly string[];
}

const CHAT_METHODS = ['generateContent', 'countTokens'];

const geminiModel = ({ model, facts }: Candidate): GeminiModel => ({
  name: `models/${model}`,
  baseModelId: model,
  displayName: facts.name,
  inputTokenLimit: facts.maxInput ?? facts.contextWindow,
  outputTokenLimit: facts.maxOutput,
  supportedGenerationMethods: facts.type === 'embedding' ? ['embedContent'] : CHAT_METHODS,
});

/** The models that a caller may use, one candidate for each id: the first, as a name alone would choose it. */
export function modelsFor(context: GatewayContext, { router }: ApiOptions): readonly Candidate[] {
  const caller = context.get('caller');
  const unique = new Map<string, Candidate>();
  for (const candidate of router.candidates) {
    if (!unique.has(candidate.model) && mayUse(caller, candidate)) unique.set(candidate.model, candidate);
  }
  return [...unique.values()];
}
