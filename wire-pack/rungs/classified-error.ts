import { type JsonValue, ProviderError } from '../../packages/core/src/index.ts';
import type { Exchange } from '../exchange.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import type { Answer } from './answer.ts';
import { kindsOf } from './error-kinds.ts';

/**
 * (f) An error has a kind that fits its status, says what the provider said, and is understood by callers of every
 * format.
 */
export function classifiedError(
  exchange: Exchange,
  recorded: RecordedFormat,
  formats: readonly RecordedFormat[],
): readonly string[] {
  const { status, headers, body } = exchange.response;
  const init = recorded.format.client.decodeError(status, headers, body ?? exchange.response.stream ?? null);
  const kinds = kindsOf(status);
  const faults: string[] = [];
  if (!kinds.includes(init.kind)) faults.push(`status ${status} became ${init.kind}, not ${kinds.join(' or ')}`);
  if (init.status !== undefined && init.status !== status) faults.push(`status ${status} became ${init.status}`);
  const words = messagesIn(body ?? null);
  if (init.message === '') faults.push('the error says nothing');
  else if (words.length > 0 && !words.some((word) => init.message.includes(word) || word.startsWith(init.message))) {
    faults.push(`the error says ${JSON.stringify(init.message)} and nothing of the provider's words`);
  }
  return [...faults, ...toldErrors(new ProviderError({ ...init, provider: exchange.provider }), formats)];
}

/** (f) for an error that came with a success: in the stream, or as the body. */
export function classifiedAnswerError(answer: Answer, formats: readonly RecordedFormat[]): readonly string[] {
  const { error } = answer;
  if (error === undefined) return [];
  if (error.kind === 'unknown') return [`the error ${JSON.stringify(error.message)} is of unknown kind`];
  return toldErrors(error, formats);
}

function toldErrors(error: ProviderError, formats: readonly RecordedFormat[]): string[] {
  return formats.flatMap(({ endpoint, format }) => {
    const told = format.server.encodeError(error);
    const body: unknown = JSON.parse(JSON.stringify(told.body));
    const back = format.client.decodeError(told.status, told.headers, body);
    if (told.status < 400 || told.status > 599) return [`to ${endpoint}: it is told with status ${told.status}`];
    if (!back.message.includes(error.message))
      return [`to ${endpoint}: the words changed to ${JSON.stringify(back.message)}`];
    return back.kind === 'unknown' ? [`to ${endpoint}: ${error.kind} becomes unknown`] : [];
  });
}

/** Texts in a body that may be the provider's own words. */
function messagesIn(value: JsonValue | undefined, key = ''): string[] {
  if (typeof value === 'string')
    return ['message', 'detail', 'error', 'msg'].includes(key) && value !== '' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((entry) => messagesIn(entry, key));
  return Object.entries(value).flatMap(([name, one]) => messagesIn(one, name));
}
