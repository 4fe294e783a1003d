import {
  type AnswerEvent,
  asObject,
  asString,
  CUSTOM_TOOL_ARGUMENT,
  type ModelRequest,
  type ModelResponse,
  type Part,
  parseJson,
  plainToolName,
  type StreamEvent,
  spokenToolName,
  TOOL_NAME_LENGTHS,
  type Tool,
  type ToolCallStartEvent,
} from '@signalbox/core';

/** Puts the calls of an answer right for the caller: the tools that it offered, not what a format without such tools made of them. */
export interface ToolRestorer {
  events(event: StreamEvent): readonly StreamEvent[];
  response(response: ModelResponse): ModelResponse;
}

/**
 * A restorer for the answers to a request, or undefined where all of its tools are plain functions. A free-text tool that was offered as a
 * function (`plainTools`) gets its text back; its arguments wait until they are whole, since a piece of JSON is no piece of the text.
 */
export function createToolRestorer(request: ModelRequest): ToolRestorer | undefined {
  const offered = new Map<string, Exclude<Tool, { type: 'opaque' }>>();
  for (const tool of request.tools ?? []) {
    if (tool.type === 'opaque') continue;
    const spoken = spokenToolName(tool);
    if (tool.type === 'custom' || tool.namespace !== undefined) offered.set(spoken, tool);
    // A name that a format does not take was offered in another spelling.
    for (const length of TOOL_NAME_LENGTHS) {
      const plain = plainToolName(spoken, length);
      if (plain !== spoken) offered.set(plain, tool);
    }
  }
  if (offered.size === 0) return undefined;
  for (const tool of request.tools ?? []) {
    // What is offered under its plain name is meant by it.
    if (tool.type === 'function' && tool.namespace === undefined) offered.delete(tool.name);
  }
  // The arguments of calls whose text is not there yet.
  const waiting = new Map<number, string[]>();

  function restored<Call extends Pick<ToolCallStartEvent, 'name' | 'kind' | 'namespace'>>(
    call: Call,
  ): Call | undefined {
    if (call.kind === 'custom' || call.namespace !== undefined) return undefined;
    const tool = offered.get(call.name);
    if (tool === undefined) return undefined;
    const { name, namespace } = tool;
    return {
      ...call,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(tool.type === 'custom' ? { kind: tool.type } : {}),
    };
  }

  function flush(): StreamEvent[] {
    const deltas = [...waiting].map(([index, pieces]): StreamEvent => {
      return { type: 'tool-call-delta', index, arguments: textOf(pieces.join('')) };
    });
    waiting.clear();
    return deltas;
  }

  function restorePart(part: Part): Part {
    const call = part.type === 'tool-call' ? restored(part) : undefined;
    if (call === undefined) return part;
    return call.kind === 'custom' ? { ...call, arguments: textOf(call.arguments) } : call;
  }

  const others = new Map<number, ToolRestorer>();

  return {
    events(event) {
      switch (event.type) {
        case 'tool-call-start': {
          const call = restored(event);
          if (call?.kind === 'custom') waiting.set(event.index, []);
          return [call ?? event];
        }
        case 'tool-call-delta': {
          const pieces = waiting.get(event.index);
          if (pieces === undefined) return [event];
          pieces.push(event.arguments);
          return [];
        }
        case 'other-answer': {
          const { type, answer } = event;
          const other = others.get(answer) ?? createToolRestorer(request);
          if (other === undefined) return [event];
          others.set(answer, other);
          return other.events(event.event).map((one) => ({ type, answer, event: one as AnswerEvent }));
        }
        case 'finish':
          return [...flush(), event];
        default:
          return [event];
      }
    },
    response: ({ others, ...response }) => ({
      ...response,
      parts: response.parts.map(restorePart),
      ...(others === undefined
        ? {}
        : { others: others.map((other) => ({ ...other, parts: other.parts.map(restorePart) })) }),
    }),
  };
}

/** The text of a free-text tool in a function's arguments. A model may have named the argument in its own way, or sent the text itself. */
function textOf(written: string): string {
  const fields = asObject(parseJson(written));
  if (fields === undefined) return written;
  const [first, ...others] = Object.values(fields);
  return asString(fields[CUSTOM_TOOL_ARGUMENT]) ?? (others.length === 0 ? asString(first) : undefined) ?? written;
}
