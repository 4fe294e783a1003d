import type {
  FinishEvent,
  JsonObject,
  OpaquePartEvent,
  ProviderError,
  RouterError,
  ServerContext,
  StartEvent,
  StreamEncoder,
  StreamEvent,
} from '@signalbox/core';
import { asArray, asNumber, asObject, restatedEvent } from '@signalbox/core';
import { encodeError } from '../shared/encode-error.ts';
import { keepItems, type ResponseHead, responseJson } from './encode-response.ts';
import { encodeFinish } from './finish.ts';
import { FORMAT_ID } from './format-id.ts';
import { createOutputWriter } from './output-writer.ts';
import { createSseWriter } from './sse-writer.ts';

/** Events that end a stream, by the status of its response. */
const LAST_EVENTS: Readonly<Record<string, string>> = {
  failed: 'response.failed',
  incomplete: 'response.incomplete',
};

/** Writes one stream: every item and text with its beginning, its pieces and its whole, and the whole response at the end. */
export function createStreamEncoder(context: ServerContext): StreamEncoder {
  const { write, goOnAt } = createSseWriter();
  const givenIds = new Map<number, string>();
  const output = createOutputWriter(write, context.createId, givenIds);
  let head: ResponseHead | undefined;
  let over = false;

  /** Id, model and time, which all events of the response share. */
  function begin(start: Omit<StartEvent, 'type'> = {}): ResponseHead {
    head ??= {
      id: start.id ?? `resp_${context.createId()}`,
      model: start.model ?? context.model,
      createdAt: start.createdAt ?? Math.floor(context.now() / 1000),
    };
    return head;
  }

  function created(start?: StartEvent): string {
    const state = { status: 'in_progress', error: null, incomplete_details: null };
    const members = `"response":${responseJson(begin(start), state, [])}`;
    return write.members('response.created', members) + write.members('response.in_progress', members);
  }

  function finish({ type: _type, usage, extensions, ...reason }: FinishEvent): string {
    over = true;
    const rest = output.end();
    const state = encodeFinish(reason, output.refused);
    const items = output.items();
    if (context.keepItem !== undefined)
      keepItems(
        items.map((item) => JSON.parse(item) as JsonObject),
        context,
      );
    const response = responseJson(begin(), state, items, { usage, extensions });
    return rest + write.members(LAST_EVENTS[state.status] ?? 'response.completed', `"response":${response}`);
  }

  function restated(event: OpaquePartEvent): string {
    const said = restatedEvent(event, FORMAT_ID);
    return said.type === 'opaque-part' ? output.opaque(said) : output.text(said);
  }

  function encodeEvent(event: Exclude<StreamEvent, StartEvent>): string {
    switch (event.type) {
      case 'text-delta':
        return output.text(event);
      case 'text-extension':
        return output.extendText(event);
      case 'reasoning-delta':
        return output.reasoning(event);
      case 'reasoning-signature':
        return output.signReasoning(event);
      case 'tool-call-start':
        return output.startCall(event);
      case 'tool-call-delta':
        return output.addArguments(event.index, event.arguments);
      case 'opaque-part':
        return restated(event);
      case 'usage-update':
        // Usage stands in the response at the end.
        return '';
      case 'answer-continued':
      case 'other-answer':
        // There is one answer to a request of this format.
        return '';
      case 'finish':
        return finish(event);
    }
  }

  const encoder: StreamEncoder = {
    encode(event) {
      if (over) return '';
      if (event.type === 'start') return head === undefined ? created(event) : '';
      const first = head === undefined ? created() : '';
      return first + encodeEvent(event);
    },
    goOnFrom(events, place) {
      for (const [index, id] of asArray(place?.ids).entries()) if (typeof id === 'string') givenIds.set(index, id);
      for (const event of events) encoder.encode(event);
      givenIds.clear();
      const hasCalls = events.some((event) => event.type === 'tool-call-start');
      const next = (hasCalls ? undefined : asNumber(place?.beforeCalls)) ?? asNumber(place?.next);
      if (next !== undefined) goOnAt(next);
    },
    error(error: ProviderError | RouterError) {
      if (over) return '';
      over = true;
      const body = asObject(encodeError(FORMAT_ID, error).body.error) ?? {};
      const { message, param } = body;
      const code = body.code ?? body.type;
      // The documented event has its fields at the top, OpenAI's own stream has them inside: clients read the one or the other.
      const event = write('error', { code, message, param, error: { ...body, code } });
      const state = { status: 'failed', error: { code, message }, incomplete_details: null };
      return (
        event + write.members('response.failed', `"response":${responseJson(begin(), state, output.brokenItems())}`)
      );
    },
  };
  return encoder;
}
