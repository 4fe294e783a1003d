import {
  asArray,
  createJsonProgress,
  type JsonObject,
  type JsonProgress,
  type OpaquePartEvent,
  type ReasoningDeltaEvent,
  type ReasoningSignatureEvent,
  type TextDeltaEvent,
  type TextExtensionEvent,
  type ToolCallDeltaEvent,
  type ToolCallStartEvent,
} from '@signalbox/core';
import { encodeCitations } from './citations.ts';
import { ownFields } from './extensions.ts';
import { REASONING_ISSUER } from './format-id.ts';

import { answerCallId, opaqueBlock } from './response-block.ts';
import { createDeltaWriter, sseEvent } from './sse-event.ts';

/** The events that bring content. */
type PartEvent =
  | TextDeltaEvent
  | TextExtensionEvent
  | ReasoningDeltaEvent
  | ReasoningSignatureEvent
  | ToolCallStartEvent
  | ToolCallDeltaEvent
  | OpaquePartEvent;

/** Writes the content blocks of one stream. */
export interface BlockWriter {
  write(event: PartEvent): string;
  /** Whatever is still due. */
  end(): string;
  readonly calledTool: boolean;
}

interface OpenBlock {
  readonly part: number;
  readonly kind: 'text' | 'thinking' | 'tool';
  /** Of a tool: whether its input is complete. A free-text tool's never is before the end. */
  readonly progress?: JsonProgress | undefined;
  /** Of a tool whose input is free text, and becomes a string in a JSON object. */
  readonly custom?: boolean | undefined;
}

/**
 * Blocks of this format never overlap, and parts of others may: a text ends where another part begins and goes on in a new block,
 * a tool call keeps the line until its JSON is complete, and what comes meanwhile for other parts waits in order.
 */
export function createBlockWriter(createId: () => string): BlockWriter {
  const sseDelta = createDeltaWriter();
  const waiting = new Map<number, PartEvent[]>();
  const writtenTools = new Set<number>();
  let open: OpenBlock | undefined;
  let count = 0;

  function start(block: JsonObject): string {
    return sseEvent('content_block_start', { index: count, content_block: block });
  }

  function close(): string {
    if (open === undefined) return '';
    const tail = open.custom === true ? sseDelta(count, 'input_json_delta', 'partial_json', '"}') : '';
    if (open.kind === 'tool') writtenTools.add(open.part);
    open = undefined;
    const stop = sseEvent('content_block_stop', { index: count });
    count += 1;
    return tail + stop;
  }

  function reopen(part: number, kind: 'text' | 'thinking'): string {
    if (open?.part === part && open.kind === kind) return '';
    const before = close();
    open = { part, kind };
    const block = kind === 'text' ? { type: 'text', text: '' } : { type: 'thinking', thinking: '', signature: '' };
    return before + start(block);
  }

  function whole(block: JsonObject | undefined): string {
    if (block === undefined) return '';
    const before = close();
    // Server tools are called like tools: an empty input, then its JSON.
    const input = typeof block.type === 'string' && block.type.endsWith('tool_use') ? block.input : undefined;
    const head = start(input === undefined ? block : { ...block, input: {} });
    const delta = input === undefined ? '' : sseDelta(count, 'input_json_delta', 'partial_json', JSON.stringify(input));
    const stop = sseEvent('content_block_stop', { index: count });
    count += 1;
    return before + head + delta + stop;
  }

  function startTool(event: ToolCallStartEvent): string {
    const before = close();
    writer.calledTool = true;
    const custom = event.kind === 'custom';
    open = { part: event.index, kind: 'tool', progress: custom ? undefined : createJsonProgress(), custom };
    const block = { type: 'tool_use', id: answerCallId(event.id, createId), name: event.name, input: {} };
    const head = custom ? sseDelta(count, 'input_json_delta', 'partial_json', '{"input":"') : '';
    return before + start({ ...block, ...ownFields(event.extensions) }) + head;
  }

  function toolDelta(event: ToolCallDeltaEvent): string {
    if (event.arguments === '' || writtenTools.has(event.index)) return '';
    const missing =
      open?.part === event.index ? '' : startTool({ ...event, type: 'tool-call-start', id: '', name: '' });
    open?.progress?.add(event.arguments);
    const piece = open?.custom === true ? JSON.stringify(event.arguments).slice(1, -1) : event.arguments;
    return missing + sseDelta(count, 'input_json_delta', 'partial_json', piece);
  }

  function signature(event: ReasoningSignatureEvent): string {
    if (event.encrypted?.issuer === REASONING_ISSUER) {
      return whole({ type: 'redacted_thinking', data: event.encrypted.value });
    }
    if (event.signature?.issuer !== REASONING_ISSUER) return '';
    const head = reopen(event.index, 'thinking');
    return head + sseDelta(count, 'signature_delta', 'signature', event.signature.value);
  }

  function citations(event: TextExtensionEvent): string {
    const own = asArray(ownFields(event.extensions)?.citations);
    const list = own.length > 0 ? own : encodeCitations(event.citations ?? []);
    if (list.length === 0) return '';
    let text = reopen(event.index, 'text');
    for (const citation of list) {
      text += sseEvent('content_block_delta', { index: count, delta: { type: 'citations_delta', citation } });
    }
    return text;
  }

  function put(event: PartEvent): string {
    switch (event.type) {
      case 'text-delta': {
        if (event.text === '') return '';
        const head = reopen(event.index, 'text');
        return head + sseDelta(count, 'text_delta', 'text', event.text);
      }
      case 'reasoning-delta': {
        if (event.text === '') return '';
        const head = reopen(event.index, 'thinking');
        return head + sseDelta(count, 'thinking_delta', 'thinking', event.text);
      }
      case 'text-extension':
        return citations(event);
      case 'reasoning-signature':
        return signature(event);
      case 'tool-call-start':
        return startTool(event);
      case 'tool-call-delta':
        return toolDelta(event);
      case 'opaque-part':
        return whole(opaqueBlock(event.part));
    }
  }

  /** Whether the open block must not be interrupted. */
  function busy(): boolean {
    return open?.kind === 'tool' && open.progress?.complete !== true;
  }

  function drain(all: boolean): string {
    let text = '';
    for (const [part, events] of waiting) {
      if (busy() && !all) break;
      waiting.delete(part);
      for (const event of events) text += put(event);
    }
    return text;
  }

  const writer: BlockWriter & { calledTool: boolean } = {
    calledTool: false,
    write(event) {
      const queue = waiting.get(event.index);
      if (queue !== undefined) queue.push(event);
      else if (busy() && open?.part !== event.index) waiting.set(event.index, [event]);
      else {
        const text = put(event);
        return waiting.size === 0 ? text : text + drain(false);
      }
      return '';
    },
    end: () => drain(true) + close(),
  };
  return writer;
}
