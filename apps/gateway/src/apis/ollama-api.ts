import { asObject, asString, type Candidate, RouterError } from '@signalbox/core';
import { ollamaChat } from '@signalbox/format-ollama';
import type { GatewayContext } from '../request/exchange.ts';
import { checkName, parseBody } from '../request/inbound.ts';
import { requestBody } from '../request/request-body.ts';
import { type ApiOptions, errorAnswer } from './api-options.ts';
import { modelNamed, modelsFor, namesFor } from './models-api.ts';

/** Ollama's clients ask for the server's version first; this is the one whose API we speak. */
export const OLLAMA_VERSION = '0.12.0';

/** `GET /api/tags`: what is routed and the models, as Ollama lists what was pulled. */
export function ollamaTagsApi(options: ApiOptions): (context: GatewayContext) => Response {
  return (context) => Response.json({ models: listed(context, options).map(pulledModel) });
}

/** A model, or a name that is routed. */
interface OllamaModel {
  readonly name: string;
  readonly released?: string | undefined;
  /** Whose it is: a provider's, or ours. */
  readonly owner: string;
  readonly family?: string | undefined;
  readonly contextWindow?: number | undefined;
  readonly able: readonly string[];
}

/** A model's own name that is routed stands there once. */
function listed(context: GatewayContext, options: ApiOptions): readonly OllamaModel[] {
  const unique = new Map<string, OllamaModel>();
  // Who is asked for more is chosen among those who can do it.
  for (const { name } of namesFor(context, options)) unique.set(name, { name, owner: 'signalbox', able: ALL });
  for (const candidate of modelsFor(context, options))
    if (!unique.has(candidate.model)) unique.set(candidate.model, ollamaModel(candidate));
  return [...unique.values()];
}

const ALL = ['completion', 'tools', 'vision', 'thinking'];

const ollamaModel = ({ model, facts, provider }: Candidate): OllamaModel => ({
  name: model,
  released: facts.released,
  owner: provider.id,
  family: facts.family,
  contextWindow: facts.contextWindow,
  able: [
    facts.type === 'embedding' ? 'embedding' : 'completion',
    ...(facts.capabilities.tools === true ? ['tools'] : []),
    ...(facts.capabilities.vision === true ? ['vision'] : []),
    ...(facts.capabilities.reasoning === true ? ['thinking'] : []),
  ],
});

const pulledModel = (model: OllamaModel) => ({
  name: model.name,
  model: model.name,
  modified_at: new Date(model.released ?? 0).toISOString(),
  size: 0,
  digest: '',
  details: details(model),
});

/** `POST /api/show`: one model and what it can do. */
export function ollamaShowApi(options: ApiOptions) {
  return async function show(context: GatewayContext): Promise<Response> {
    try {
      const body = asObject(parseBody(await requestBody(context, options.maxBodyBytes)));
      // An object may have no text: `{"toString": 1, "valueOf": 1}`.
      const name = asString(body?.model) ?? asString(body?.name) ?? '';
      checkName(name);
      const candidate = modelNamed(name, context, options);
      const found = listed(context, options).find((one) => one.name === name) ?? (candidate && ollamaModel(candidate));
      if (found === undefined) {
        throw new RouterError({
          kind: 'unknown-model',
          message: `The model "${name}" is unknown: see GET /api/tags.`,
          parameter: 'model',
        });
      }
      const { contextWindow, able } = found;
      const info = contextWindow === undefined ? {} : { 'general.context_length': contextWindow };
      return Response.json({ details: details(found), model_info: info, capabilities: able });
    } catch (error) {
      return errorAnswer(error, ollamaChat, options);
    }
  };
}

const details = ({ owner, family }: OllamaModel) => ({
  parent_model: '',
  format: owner,
  family: family ?? '',
  families: family === undefined ? [] : [family],
  parameter_size: '',
  quantization_level: '',
});
