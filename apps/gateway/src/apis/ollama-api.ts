import { asObject, asString, type Candidate, RouterError } from '@signalbox/core';
import { ollamaChat } from '@signalbox/format-ollama';
import type { GatewayContext } from '../request/exchange.ts';
import { parseBody } from '../request/inbound.ts';
import { requestBody } from '../request/request-body.ts';
import { type ApiOptions, errorAnswer } from './api-options.ts';
import { modelsFor } from './models-api.ts';

/** Ollama's clients ask for the server's version first; this is the one whose API we speak. */
export const OLLAMA_VERSION = '0.12.0';

/** `GET /api/tags`: the models, as Ollama lists what was pulled. */
export function ollamaTagsApi(options: ApiOptions): (context: GatewayContext) => Response {
  return (context) => Response.json({ models: modelsFor(context, options).map(pulledModel) });
}

const pulledModel = (candidate: Candidate) => ({
  name: candidate.model,
  model: candidate.model,
  modified_at: new Date(candidate.facts.released ?? 0).toISOString(),
  size: 0,
  digest: '',
  details: details(candidate),
});

/** `POST /api/show`: one model and what it can do. */
export function ollamaShowApi(options: ApiOptions) {
  return async function show(context: GatewayContext): Promise<Response> {
    try {
      const body = asObject(parseBody(await requestBody(context, options.maxBodyBytes)));
      // An object may have no text: `{"toString": 1, "valueOf": 1}`.
      const name = asString(body?.model) ?? asString(body?.name) ?? '';
      const candidate = modelsFor(context, options).find((one) => one.model === name);
      if (candidate === undefined) {
        throw new RouterError({
          kind: 'unknown-model',
          message: `The model "${name}" is unknown: see GET /api/tags.`,
          parameter: 'model',
        });
      }
      const { facts } = candidate;
      const able = [
        facts.type === 'embedding' ? 'embedding' : 'completion',
        ...(facts.capabilities.tools === true ? ['tools'] : []),
        ...(facts.capabilities.vision === true ? ['vision'] : []),
        ...(facts.capabilities.reasoning === true ? ['thinking'] : []),
      ];
      const info = facts.contextWindow === undefined ? {} : { 'general.context_length': facts.contextWindow };
      return Response.json({ details: details(candidate), model_info: info, capabilities: able });
    } catch (error) {
      return errorAnswer(error, ollamaChat, options);
    }
  };
}

const details = ({ facts, provider }: Candidate) => ({
  parent_model: '',
  format: provider.id,
  family: facts.family ?? '',
  families: facts.family === undefined ? [] : [facts.family],
  parameter_size: '',
  quantization_level: '',
});
