import { type JsonObject, type ModelRequest, RouterError } from '../../packages/core/src/index.ts';
import { compare } from '../compare.ts';
import { withoutDifferences } from '../difference.ts';
import type { Exchange } from '../exchange.ts';
import type { RecordedFormat } from '../recorded-format.ts';

/** The canonical form of a recorded request; undefined where we refuse what the provider refused as well. */
export function readRequest(exchange: Exchange, { format }: RecordedFormat): ModelRequest | undefined {
  try {
    return format.server.decodeRequest(exchange.request.body, exchange.request.path);
  } catch (error) {
    if (!RouterError.is(error) || error.kind !== 'invalid-request') throw error;
    if (exchange.response.status >= 400 && exchange.response.status < 500) return undefined;
    throw error;
  }
}

/** (b) The request, decoded and encoded for the same format, is the recorded one, and no note says that anything is lost. */
export function sameRequest(
  exchange: Exchange,
  body: JsonObject,
  request: ModelRequest,
  recorded: RecordedFormat,
): readonly string[] {
  const { format, requestDifferences, quirks, quirksFor } = recorded;
  const head = format.server.scanHead(new TextEncoder().encode(JSON.stringify(body)), exchange.request.path);
  const faults = compare(
    { model: request.model, stream: request.stream === true },
    { model: head.model, stream: head.stream },
  ).map((difference) => `the head of the request: ${difference}`);
  const encoded = format.client.encodeRequest(request, {
    model: request.model ?? '',
    stream: request.stream === true,
    provider: exchange.provider,
    quirks: { ...quirks, ...quirksFor?.(body) },
  });
  const sides = withoutDifferences(body, JSON.parse(JSON.stringify(encoded.body)), requestDifferences);
  faults.push(...compare(sides.recorded, sides.ours).map((difference) => `the request: ${difference}`));
  for (const { field, action, reason } of encoded.notes) {
    const documented =
      recorded.droppedFields?.some((dropped) => dropped.field === field.replace(/\[\d+\]/g, '[]')) === true;
    if (action === 'dropped' && !documented)
      faults.push(`the request: a note says that ${field} was dropped (${reason})`);
  }
  return faults;
}
