import type { JsonObject, ToolCallStartEvent } from '@signalbox/core';
import { callItem } from './output-items.ts';
import type { WriteEvent } from './sse-writer.ts';

/** Writes one tool call item. */
export interface CallWriter {
  add(text: string): string;
  end(): string;
  item(): JsonObject;
}

/** Begins a tool call item at a place of the output. */
export function createCallWriter(
  write: WriteEvent,
  id: string,
  outputIndex: number,
  start: ToolCallStartEvent,
): { readonly writer: CallWriter; readonly text: string } {
  const { type: _type, index: _index, ...call } = start;
  const custom = call.kind === 'custom';
  const at = { item_id: id, output_index: outputIndex };
  const kind = custom ? 'response.custom_tool_call_input' : 'response.function_call_arguments';
  const member = custom ? 'input' : 'arguments';
  const deltas = write.deltas(`${kind}.delta`, at);
  let pieces: string[] = [];

  function add(text: string): string {
    if (text === '') return '';
    pieces.push(text);
    return deltas.write(text);
  }

  function item(): JsonObject {
    if (pieces.length > 1) pieces = [pieces.join('')];
    return callItem(id, { ...call, arguments: pieces[0] ?? '' });
  }

  return {
    text: write('response.output_item.added', {
      output_index: outputIndex,
      item: { ...callItem(id, { ...call, arguments: '' }), status: 'in_progress', [member]: '' },
    }),
    writer: {
      add,
      item,
      end() {
        // Clients parse the arguments: a call without any gets an empty object.
        const empty = pieces.length === 0 && !custom ? add('{}') : '';
        const whole = item();
        const done = write(`${kind}.done`, { ...at, [member]: whole[member], ...(custom ? {} : { name: call.name }) });
        return empty + done + write('response.output_item.done', { output_index: outputIndex, item: whole });
      },
    },
  };
}
