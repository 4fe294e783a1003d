import { type EncodedRequest, type JsonObject, type ModelRequest, RouterError } from '../../packages/core/src/index.ts';
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

/** Where the conversation stands in a request. */
const CONVERSATION: readonly string[] = ['messages', 'input', 'contents'];

/** What the notes say of a history whose calls and results did not pair: APIs refuse it as it is. */
const REPAIRED =
  /^(?:a second|a call without a) result|moved to the front of|id of an earlier call|^moved to where its call is|^the call that it answers/;

/** Both bodies; without the conversation where it was repaired, which the notes speak of. */
function withoutRepaired(body: JsonObject, { body: ours, notes }: EncodedRequest): [JsonObject, JsonObject] {
  const encoded = JSON.parse(JSON.stringify(ours)) as JsonObject;
  if (!notes.some(({ field, reason }) => field.startsWith('messages') && REPAIRED.test(reason))) return [body, encoded];
  const without = (one: JsonObject) =>
    Object.fromEntries(Object.entries(one).filter(([key]) => !CONVERSATION.includes(key)));
  return [without(body), without(encoded)];
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
  const sides = withoutDifferences(...withoutRepaired(body, encoded), requestDifferences);
  faults.push(...compare(sides.recorded, sides.ours).map((difference) => `the request: ${difference}`));
  for (const { field, action, reason } of encoded.notes) {
    const documented =
      recorded.droppedFields?.some((dropped) => dropped.field === field.replace(/\[\d+\]/g, '[]')) === true;
    if (action === 'dropped' && !documented)
      faults.push(`the request: a note says that ${field} was dropped (${reason})`);
  }
  return faults;
}
