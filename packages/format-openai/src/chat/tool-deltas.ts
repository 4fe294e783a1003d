import {
  asNumber,
  asObject,
  asString,
  type JsonObject,
  type JsonValue,
  ProviderError,
  type StreamEvent,
} from '@signalbox/core';
import { saysSomething } from './answer-fields.ts';

interface Call {
  readonly index: number;
  id: string;
  name: string;
  kind: 'function' | 'custom';
  signature: string | undefined;
  started: boolean;
  /** Arguments that came before the call could be announced. */
  held: string[];
}

/** Puts the pieces of streamed tool calls together. */
export interface ToolDeltas {
  /** One entry of `delta.tool_calls`. */
  add(delta: JsonObject): StreamEvent[];
  /** The legacy `delta.function_call`: there is one at most and it has no id. */
  addLegacy(delta: JsonObject): StreamEvent[];
  /** Announces calls that never got an id. Throws ProviderError `invalid-response` on a call without a name. */
  flush(): StreamEvent[];
  readonly any: boolean;
}

/**
 * Which call a piece belongs to, as endpoints deviate: a known id wins; a new id at a used index is a new call; a piece
 * with neither id nor index belongs to the current call, unless it brings a name of its own. Calls without an id are named by
 * the answer's (`answerId`): a conversation in which two answers call tools must not have one id twice.
 */
export function createToolDeltas(
  provider: string,
  nextIndex: () => number,
  answerId: () => string | undefined,
): ToolDeltas {
  const calls: Call[] = [];
  const byId = new Map<string, Call>();
  const byIndex = new Map<number, Call>();
  let current: Call | undefined;
  let legacy: Call | undefined;

  function create(): Call {
    const call: Call = {
      index: nextIndex(),
      id: '',
      name: '',
      kind: 'function',
      signature: undefined,
      started: false,
      held: [],
    };
    calls.push(call);
    deltas.any = true;
    return call;
  }

  function find(id: string, index: number | undefined, name: string): Call {
    const known = id === '' ? undefined : byId.get(id);
    if (known !== undefined) return known;
    if (index !== undefined) {
      const there = byIndex.get(index);
      return there === undefined || (id !== '' && there.id !== '') ? create() : there;
    }
    const continues = id === '' && current !== undefined && (name === '' || current.name === '');
    return continues && current !== undefined ? current : create();
  }

  function append(call: Call, text: string): StreamEvent[] {
    const events = call.started || call.id === '' || call.name === '' ? [] : start(call);
    if (text === '') return events;
    if (call.started) events.push({ type: 'tool-call-delta', index: call.index, arguments: text });
    else call.held.push(text);
    return events;
  }

  function start(call: Call): StreamEvent[] {
    call.started = true;
    const { index, id, name, signature } = call;
    const kind = call.kind === 'custom' ? { kind: call.kind } : {};
    const signed = signature === undefined ? {} : { signature: { issuer: provider, value: signature } };
    const events: StreamEvent[] = [{ type: 'tool-call-start', index, id, name, ...kind, ...signed }];
    const held = call.held.join('');
    if (held !== '') events.push({ type: 'tool-call-delta', index, arguments: held });
    call.held = [];
    return events;
  }

  const deltas: ToolDeltas & { any: boolean } = {
    any: false,
    add(delta) {
      const id = asString(delta.id) ?? '';
      const index = asNumber(delta.index);
      const custom = saysSomething(asObject(delta.custom)) ? asObject(delta.custom) : undefined;
      const called = custom ?? asObject(delta.function) ?? {};
      const name = asString(called.name) ?? '';
      const call = find(id, index, name);
      current = call;
      if (call.id === '' && id !== '') {
        call.id = id;
        byId.set(id, call);
      }
      if (index !== undefined) byIndex.set(index, call);
      if (call.name === '') call.name = name;
      if (custom !== undefined) call.kind = 'custom';
      call.signature ??= asString(asObject(asObject(delta.extra_content)?.google)?.thought_signature);
      return append(call, argumentText(custom === undefined ? called.arguments : custom.input));
    },
    addLegacy(delta) {
      legacy ??= create();
      if (legacy.name === '') legacy.name = asString(delta.name) ?? '';
      return append(legacy, argumentText(delta.arguments));
    },
    flush() {
      const events: StreamEvent[] = [];
      for (const [position, call] of calls.entries()) {
        if (call.started) continue;
        if (call.name === '') {
          throw new ProviderError({
            kind: 'invalid-response',
            message: 'The provider called a tool without naming it.',
            provider,
          });
        }
        if (call.id === '') call.id = inventCallId(answerId(), position);
        events.push(...start(call));
      }
      return events;
    },
  };
  return deltas;
}

function inventCallId(answerId: string | undefined, position: number): string {
  // As many characters as the strictest endpoints take in an id, with room for the rest.
  const scope = (answerId ?? '').replace(/[^a-zA-Z0-9_-]/g, '').slice(-40);
  return scope === '' ? `call_${position}` : `call_${scope}_${position}`;
}

/** Arguments as text: a string, or an object that was not written as one. */
function argumentText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : '';
}
