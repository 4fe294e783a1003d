import { type ModelRequest, type ModelResponse, type Part, parseJson, type Usage } from '@signalbox/core';
import type { Lack } from './fixtures.ts';

/** What must survive every translation of an answer, in a form that compares. */
export function responseEssence(response: ModelResponse, lacks: ReadonlySet<Lack>): unknown {
  const calls = response.parts.filter((part) => part.type === 'tool-call');
  return {
    text: joined(response.parts, 'text'),
    reasoning: lacks.has('reasoning-text') ? '' : joined(response.parts, 'reasoning'),
    signatures: lacks.has('reasoning-signatures')
      ? []
      : response.parts.flatMap((part) => (part.type === 'reasoning' && part.signature ? [part.signature] : [])),
    calls: calls.map((call) => ({
      id: lacks.has('tool-call-ids') ? '' : call.id,
      name: call.name,
      arguments: argumentValue(call.arguments),
    })),
    model: response.model,
    usage: usageEssence(response.usage, lacks),
  };
}

/** What must survive every translation of a request. */
export function requestEssence(request: ModelRequest, lacks: ReadonlySet<Lack>): unknown {
  return {
    system: request.system.map((part) => part.text).join('\n\n'),
    content: request.messages.flatMap((message) =>
      message.parts.flatMap((part) => partEssence(part, message.role, lacks)),
    ),
    tools: (request.tools ?? []).map((tool) =>
      tool.type === 'function'
        ? { name: tool.name, description: tool.description, parameters: schemaEssence(tool.parameters) }
        : tool.type,
    ),
    maxOutputTokens: request.maxOutputTokens,
  };
}

/** No schema, an empty one and that of an object without members mean the same: no arguments. */
function schemaEssence(parameters: unknown): unknown {
  const empty = { type: 'object', properties: {} };
  if (parameters === undefined) return empty;
  const schema = parameters as Record<string, unknown>;
  return schema.properties === undefined ? { ...empty, ...schema } : schema;
}

function partEssence(part: Part, role: string, lacks: ReadonlySet<Lack>): unknown[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ role, text: part.text }];
    case 'tool-call': {
      const id = lacks.has('tool-call-ids') ? '' : part.id;
      return [{ role, call: part.name, id, arguments: argumentValue(part.arguments) }];
    }
    case 'tool-result': {
      const id = lacks.has('tool-call-ids') ? '' : part.callId;
      return [{ role, id, result: joined(part.content, 'text') }];
    }
    case 'image':
      return [{ role, image: part.source.kind === 'base64' ? part.source.data : part.source }];
    default:
      return [{ role, other: part.type }];
  }
}

function usageEssence(usage: Usage | undefined, lacks: ReadonlySet<Lack>): unknown {
  if (usage === undefined) return undefined;
  return {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cacheRead: lacks.has('cache-usage') ? 0 : (usage.cacheReadTokens ?? 0),
    cacheWrite:
      lacks.has('cache-usage') || lacks.has('cache-write-usage')
        ? 0
        : (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0),
    reasoning: lacks.has('reasoning-usage') ? 0 : (usage.reasoningTokens ?? 0),
  };
}

function joined(parts: readonly Part[], type: 'text' | 'reasoning'): string {
  return parts.map((part) => (part.type === type && 'text' in part ? part.text : '')).join('');
}

function argumentValue(text: string): unknown {
  return text.trim() === '' ? {} : (parseJson(text) ?? text);
}
