import type { Finish } from './finish.ts';
import type { Citation, Extensions, Part } from './part.ts';
import type { AnswerEvent, StreamEvent } from './stream-event.ts';
import type { TokenLogprob } from './token-logprob.ts';
import type { Usage } from './usage.ts';

/** One of several answers to a request, beside the first. */
export interface OtherAnswer {
  readonly parts: readonly Part[];
  readonly finish: Finish;
  readonly extensions?: Extensions | undefined;
}

/** A whole answer: the fold of its stream. */
export interface ModelResponse {
  readonly id?: string | undefined;
  /** The model that answered, as the provider names it. */
  readonly model?: string | undefined;
  /** Unix seconds. */
  readonly createdAt?: number | undefined;
  readonly parts: readonly Part[];
  readonly finish: Finish;
  /** Further answers to the same request, where several were wanted. */
  readonly others?: readonly OtherAnswer[] | undefined;
  readonly usage?: Usage | undefined;
  readonly extensions?: Extensions | undefined;
}

/** The text of an answer, without reasoning and tool calls. */
export function responseText(response: ModelResponse): string {
  return response.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

type Draft = { -readonly [Key in keyof ModelResponse]: ModelResponse[Key] };
type PartDraft = Record<string, unknown> & { type: Part['type'] };

/** Folds stream events, one at a time, into a response. */
export interface ResponseFold {
  add(event: StreamEvent): void;
  /** The response so far; `finish` is `{ reason: 'other' }` until the finish event came. */
  response(): ModelResponse;
  /** Whether the finish event came. */
  readonly finished: boolean;
}

/** Starts a fold. A part's place is the order in which its index was first seen. */
export function createResponseFold(): ResponseFold {
  const draft: Draft = { parts: [], finish: { reason: 'other' } };
  const parts = new Map<number, PartDraft>();
  // Text is gathered in pieces: appending to a property of a growing object for each of 10,000 deltas is slow.
  const pieces = new Map<number, string[]>();
  const others = new Map<number, ResponseFold>();

  function part(index: number, type: Part['type'], initial: Record<string, unknown>): PartDraft {
    let found = parts.get(index);
    if (found === undefined) {
      found = { type, ...initial };
      parts.set(index, found);
    }
    return found;
  }

  function append(index: number, text: string): void {
    const list = pieces.get(index);
    if (list === undefined) pieces.set(index, [text]);
    else list.push(text);
  }

  const fold: ResponseFold & { finished: boolean } = {
    finished: false,
    add(event) {
      switch (event.type) {
        case 'start':
          if (event.id !== undefined) draft.id = event.id;
          if (event.model !== undefined) draft.model = event.model;
          if (event.createdAt !== undefined) draft.createdAt = event.createdAt;
          break;
        case 'text-delta':
          if (event.refusal === true) part(event.index, 'text', { text: '' }).refusal = true;
          else part(event.index, 'text', { text: '' });
          append(event.index, event.text);
          break;
        case 'text-extension': {
          const target = part(event.index, 'text', { text: '' });
          if (Object.keys(event.extensions).length > 0) {
            target.extensions = mergeExtensions(target.extensions as GatheredFields | undefined, event.extensions);
          }
          if (event.citations !== undefined) {
            target.citations = [...((target.citations ?? []) as Citation[]), ...event.citations];
          }
          if (event.logprobs !== undefined) {
            // They come token by token: copying the list each time would cost more with each.
            const tokens = (target.logprobs ?? []) as TokenLogprob[];
            target.logprobs = tokens;
            for (const token of event.logprobs) tokens.push(token);
          }
          break;
        }
        case 'reasoning-delta':
          part(event.index, 'reasoning', { text: '' });
          append(event.index, event.text);
          break;
        case 'reasoning-signature': {
          const target = part(event.index, 'reasoning', { text: '' });
          if (event.signature !== undefined) target.signature = event.signature;
          if (event.encrypted !== undefined) target.encrypted = event.encrypted;
          if (event.extensions !== undefined) {
            target.extensions = mergeExtensions(target.extensions as GatheredFields | undefined, event.extensions);
          }
          break;
        }
        case 'tool-call-start': {
          const { type: _type, index, ...call } = event;
          part(index, 'tool-call', { ...call, arguments: '' });
          break;
        }
        case 'tool-call-delta':
          part(event.index, 'tool-call', { id: '', name: '', arguments: '' });
          append(event.index, event.arguments);
          break;
        case 'opaque-part':
          // Media of a model's own travel as an opaque part of the canonical format: the fold of a stream is the response.
          parts.set(
            event.index,
            (event.part.format === 'canonical' ? event.part.value : event.part) as unknown as PartDraft,
          );
          break;
        case 'other-answer': {
          const other = others.get(event.answer) ?? createResponseFold();
          others.set(event.answer, other);
          other.add(event.event);
          break;
        }
        case 'usage-update':
          draft.usage = event.usage;
          break;
        case 'finish': {
          const { type: _type, usage, extensions, ...finish } = event;
          draft.finish = finish;
          if (usage !== undefined) draft.usage = usage;
          if (extensions !== undefined) draft.extensions = extensions;
          fold.finished = true;
          break;
        }
      }
    },
    response() {
      const done = [...parts].map(([index, found]) => {
        const text = pieces.get(index)?.join('');
        if (text === undefined) return found;
        return { ...found, [found.type === 'tool-call' ? 'arguments' : 'text']: text };
      });
      const folded = { ...draft, parts: done as unknown as Part[] };
      return others.size === 0 ? folded : { ...folded, others: othersOf(others) };
    },
  };
  return fold;
}

function othersOf(folds: ReadonlyMap<number, ResponseFold>): OtherAnswer[] {
  return [...folds]
    .sort(([one], [other]) => one - other)
    .map(([, fold]) => {
      const { parts, finish, extensions } = fold.response();
      return { parts, finish, ...(extensions === undefined ? {} : { extensions }) };
    });
}

/** Extension fields that belong to the fold: its lists grow in place. */
type GatheredFields = Record<string, Record<string, unknown>>;

/** Adds the members of `more` to what was gathered, format by format; arrays are joined (citations and log probabilities come one by one). */
function mergeExtensions(gathered: GatheredFields = {}, more: Extensions): GatheredFields {
  for (const [format, fields] of Object.entries(more)) {
    const target = gathered[format] ?? {};
    gathered[format] = target;
    for (const [key, value] of Object.entries(fields)) {
      const before = target[key];
      // Copying the list each time would cost more with each token.
      if (Array.isArray(before) && Array.isArray(value)) for (const entry of value) before.push(entry);
      else target[key] = Array.isArray(value) ? [...value] : value;
    }
  }
  return gathered;
}

/** Reads a stream of events to its end and returns the response. Throws what the stream throws. */
export async function collectResponse(events: AsyncIterable<StreamEvent>): Promise<ModelResponse> {
  const fold = createResponseFold();
  for await (const event of events) fold.add(event);
  return fold.response();
}

/** A response as the events of a stream: what a caller who asked for a stream gets from an answer that came whole. */
export function* responseEvents(response: ModelResponse): Generator<StreamEvent> {
  yield { type: 'start', id: response.id, model: response.model, createdAt: response.createdAt };
  for (const [index, part] of response.parts.entries()) yield* partEvents(part, index);
  for (const [place, { parts, finish, extensions }] of (response.others ?? []).entries()) {
    const told = (event: AnswerEvent): StreamEvent => ({ type: 'other-answer', answer: place + 1, event });
    for (const [index, part] of parts.entries()) for (const event of partEvents(part, index)) yield told(event);
    yield told({ type: 'finish', ...finish, ...(extensions === undefined ? {} : { extensions }) });
  }
  yield { type: 'finish', ...response.finish, usage: response.usage, extensions: response.extensions };
}

function* partEvents(part: Part, index: number): Generator<AnswerEvent> {
  switch (part.type) {
    case 'text':
      yield { type: 'text-delta', index, text: part.text, refusal: part.refusal };
      if (part.extensions !== undefined || part.citations !== undefined || part.logprobs !== undefined) {
        const { extensions = {}, citations, logprobs } = part;
        const more = {
          ...(citations === undefined ? {} : { citations }),
          ...(logprobs === undefined ? {} : { logprobs }),
        };
        yield { type: 'text-extension', index, extensions, ...more };
      }
      break;
    case 'reasoning':
      if (part.text !== '') yield { type: 'reasoning-delta', index, text: part.text };
      if (part.signature !== undefined || part.encrypted !== undefined || part.extensions !== undefined) {
        const { signature, encrypted, extensions } = part;
        yield { type: 'reasoning-signature', index, signature, encrypted, extensions };
      }
      break;
    case 'tool-call': {
      const { id, name, kind, namespace, signature, extensions } = part;
      yield { type: 'tool-call-start', index, id, name, kind, namespace, signature, extensions };
      yield { type: 'tool-call-delta', index, arguments: part.arguments };
      break;
    }
    case 'opaque':
      yield { type: 'opaque-part', index, part };
      break;
    default:
      // Media that a model made: no delta form in the canonical stream, so it travels whole.
      yield { type: 'opaque-part', index, part: { type: 'opaque', format: 'canonical', value: { ...part } as never } };
  }
}
