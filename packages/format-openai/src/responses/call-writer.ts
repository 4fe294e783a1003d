import type { ToolCallStartEvent } from '@signalbox/core';
import { callItem } from './output-items.ts';
import type { WriteEvent } from './sse-writer.ts';

/** Writes one tool call item. */
export interface CallWriter {
  add(text: string): string;
  end(): string;
  /** The item so far, as JSON. */
  item(): string;
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
  const deltas = write.deltas(`${kind}.delta`, JSON.stringify(at).slice(1, -1));

  function add(text: string): string {
    if (text === '') return '';
    return deltas.write(text);
  }

  /** The item with what stands for its arguments. */
  const whole = () => callItem(id, { ...call, arguments: deltas.length() === 0 ? '' : deltas.whole() });

  return {
    text: write('response.output_item.added', {
      output_index: outputIndex,
      item: { ...callItem(id, { ...call, arguments: '' }), status: 'in_progress', [member]: '' },
    }),
    writer: {
      add,
      item: () => write.json(whole()),
      end() {
        // Clients parse the arguments: a call without any gets an empty object.
        const empty = deltas.length() === 0 && !custom ? add('{}') : '';
        const done = write(`${kind}.done`, {
          ...at,
          [member]: whole()[member],
          ...(custom ? {} : { name: call.name }),
        });
        const item = write.json(whole());
        return (
          empty + done + write.members('response.output_item.done', `"output_index":${outputIndex},"item":${item}`)
        );
      },
    },
  };
}
