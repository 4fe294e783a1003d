import type { JsonValue, WireFrame } from '../packages/core/src/index.ts';
import { isJsonObject, parseJson } from '../packages/core/src/index.ts';
import type { Exchange } from './exchange.ts';
import type { RecordedFormat } from './recorded-format.ts';
import { type Answer, readAnswer } from './rungs/answer.ts';
import { classifiedAnswerError, classifiedError } from './rungs/classified-error.ts';
import { sameAnswer } from './rungs/same-answer.ts';
import { sameFold } from './rungs/same-fold.ts';
import { sameObserver } from './rungs/same-observer.ts';
import { samePieces } from './rungs/same-pieces.ts';
import { readRequest, sameRequest } from './rungs/same-request.ts';
import { translateAnswer, translateRequest } from './rungs/translation.ts';

/** The rungs, by the letters of the plan, in the order in which they are climbed. */
export const RUNGS = {
  a: 'the answer comes back as it was',
  b: 'the request comes back as it was',
  c: 'every other format and back keeps what is said',
  d: 'the fold of a stream is the answer without one',
  e: 'pieces of 1, 7 and 4096 bytes make the same stream',
  f: 'an error has the kind of its status',
  g: 'the observer agrees with the decoder',
} as const;

export type Rung = keyof typeof RUNGS;

/** What became of one exchange. */
export interface Climb {
  readonly exchange: Exchange;
  /** The rungs that apply to it. */
  readonly rungs: readonly Rung[];
  readonly faults: readonly { readonly rung: Rung; readonly reason: string }[];
}

/** Climbs every rung that applies to an exchange. Which ones do is said by what it holds, never by which one it is. */
export function climb(exchange: Exchange, recorded: RecordedFormat, formats: readonly RecordedFormat[]): Climb {
  const rungs: Rung[] = [];
  const faults: { rung: Rung; reason: string }[] = [];
  const others = formats.filter((other) => other !== recorded);
  const { provider } = exchange;

  function step(rung: Rung, run: () => readonly string[]): void {
    if (!rungs.includes(rung)) rungs.push(rung);
    for (const reason of attempt(run)) faults.push({ rung, reason });
  }

  const { body } = exchange.request;
  if (body !== null) {
    step('b', () => {
      const request = readRequest(exchange, recorded);
      if (request === undefined) return [];
      // A request without content only loads a model at Ollama: there is nothing to translate.
      if (request.messages.length === 0 && request.system.length === 0)
        return sameRequest(exchange, body, request, recorded);
      step('c', () => others.flatMap((other) => attempt(() => translateRequest(request, recorded, other))));
      return sameRequest(exchange, body, request, recorded);
    });
  }
  if (exchange.response.status >= 400) {
    step('f', () => classifiedError(exchange, recorded, formats));
    return { exchange, rungs: rungs.toSorted(), faults };
  }
  step(exchange.response.stream === undefined ? 'a' : 'd', () => {
    const answer = readAnswer(exchange, recorded);
    const { response, stream } = answer;
    if (stream !== undefined) {
      step('e', () => samePieces(answer, recorded, provider));
      step('g', () => sameObserver(answer, recorded, provider));
    }
    if (response === undefined) {
      const known = expectedEnd(exchange, answer);
      if (known !== undefined) return [known];
      step('f', () => classifiedAnswerError(answer, formats));
      return [];
    }
    step('a', () => sameAnswer(answer, recorded, provider));
    step('c', () =>
      others.flatMap((other) => attempt(() => translateAnswer(response, stream?.events, recorded, other, answer.body))),
    );
    step('d', () => sameFold(answer, recorded, provider));
    return [];
  });
  return { exchange, rungs: rungs.toSorted(), faults };
}

/** An answer may end in an error only where the recording shows one, or where it is known to be cut or malformed. */
function expectedEnd(exchange: Exchange, { error, body, stream }: Answer): string | undefined {
  if (exchange.partial || exchange.malformed) return undefined;
  if (stream === undefined ? holdsError(body) : stream.frames.some(saysError)) return undefined;
  return `it ends in an error that is not in the recording: ${error?.message}`;
}

function saysError(frame: WireFrame): boolean {
  return frame.event === 'error' || holdsError(parseJson(frame.data));
}

/** Ends of an answer that are errors in themselves, by the member that says so. */
const FAILED_ENDS: Readonly<Record<string, readonly string[]>> = {
  // vLLM's flat form.
  object: ['error'],
  finish_reason: ['error', 'network_error', 'insufficient_system_resource'],
  status: ['cancelled'],
};

/** Whether a value has a member `error` that says something, at any depth, or one of the failed ends; a failed response has one. */
function holdsError(value: JsonValue | undefined): boolean {
  if (Array.isArray(value)) return value.some(holdsError);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(([key, one]) => {
    if (key === 'error') return isSomething(one);
    return (typeof one === 'string' && FAILED_ENDS[key]?.includes(one) === true) || holdsError(one);
  });
}

function isSomething(value: JsonValue | undefined): boolean {
  return value !== null && value !== undefined && value !== '' && value !== false;
}

/** What a rung finds; what it throws is a fault too. */
function attempt(run: () => readonly string[]): readonly string[] {
  try {
    return run();
  } catch (error) {
    return [`it threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`];
  }
}
