import { asObject, asString, isJsonObject, type ModelResponse, ProviderError } from '@signalbox/core';
import { decodeBlock } from './decode-block.ts';
import { errorFromBody } from './decode-error.ts';
import { asExtensions } from './extensions.ts';
import { decodeFinish } from './finish.ts';
import { responseFields } from './response-fields.ts';
import { decodeUsage } from './usage.ts';

/**
 * An answer of `POST /messages`. Throws ProviderError: `invalid-response` where it is not one, the error itself where a
 * server sent an error with status 200.
 */
export function decodeResponse(value: unknown, context: { readonly provider: string }): ModelResponse {
  const body = asObject(value);
  const { provider } = context;
  if (body !== undefined && (body.type === 'error' || (body.content === undefined && isJsonObject(body.error)))) {
    throw new ProviderError({ provider, ...errorFromBody(undefined, body) });
  }
  if (body === undefined || !Array.isArray(body.content)) {
    throw new ProviderError({
      kind: 'invalid-response',
      message: 'The provider answered with something that is not an Anthropic message: it has no list "content".',
      provider,
    });
  }
  const parts = body.content.filter(isJsonObject).map(decodeBlock);
  const id = asString(body.id);
  const model = asString(body.model);
  const usage = decodeUsage(body.usage);
  return {
    ...(id === undefined ? {} : { id }),
    ...(model === undefined ? {} : { model }),
    parts,
    finish: decodeFinish(
      body,
      parts.some((part) => part.type === 'tool-call'),
    ),
    ...(usage === undefined ? {} : { usage }),
    ...asExtensions(responseFields(body)),
  };
}
