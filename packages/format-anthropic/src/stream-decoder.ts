import { asNumber, asObject, type StreamDecoder, type StreamEvent, withFrameRepeater } from '@signalbox/core';
import { asExtensions } from './extensions.ts';
import { createStreamBlock, type StreamBlock } from './stream-block.ts';
import { readFrame, streamCut } from './stream-frame.ts';
import { createStreamMessage } from './stream-message.ts';

const NOTHING: readonly StreamEvent[] = [];

/**
 * Decodes one stream of `POST /messages`. Pings, events and deltas of unknown type are passed over, blocks of unknown type
 * come as opaque parts. An answer is complete with `message_stop`, or with a stop reason and a clean end.
 */
export function createStreamDecoder(context: { readonly provider: string }): StreamDecoder {
  const { provider } = context;
  const message = createStreamMessage();
  const open = new Map<number, StreamBlock>();
  let parts = 0;
  let calledTool = false;
  let finished = false;

  function begin(index: number, block: Parameters<typeof createStreamBlock>[0]): StreamEvent[] {
    if (block.type === 'tool_use') calledTool = true;
    const before = open.get(index)?.stop() ?? [];
    const made = createStreamBlock(block, parts);
    parts += 1;
    open.set(index, made);
    return [...before, ...made.start()];
  }

  function usageUpdate(): StreamEvent[] {
    const usage = message.usage();
    return usage === undefined ? [] : [{ type: 'usage-update', usage }];
  }

  function finish(): StreamEvent[] {
    finished = true;
    const due = [...open.values()].flatMap((block) => block.stop());
    const usage = message.usage();
    due.push({
      type: 'finish',
      ...message.finish(calledTool),
      ...(usage === undefined ? {} : { usage }),
      ...asExtensions(message.fields()),
    });
    return due;
  }

  const decoder: StreamDecoder = {
    decode(frame) {
      if (finished) return NOTHING;
      const event = readFrame(frame, provider);
      if (event === undefined) return NOTHING;
      const { type, data } = event;
      const index = asNumber(data.index) ?? 0;
      switch (type) {
        case 'content_block_delta': {
          const delta = asObject(data.delta);
          if (delta === undefined) return NOTHING;
          const block = open.get(index);
          if (block !== undefined) return block.delta(delta);
          // A delta without a start: text needs none to be understood.
          if (delta.type !== 'text_delta') return NOTHING;
          begin(index, { type: 'text', text: '' });
          return open.get(index)?.delta(delta) ?? NOTHING;
        }
        case 'content_block_start':
          return begin(index, asObject(data.content_block) ?? { type: 'text', text: '' });
        case 'content_block_stop': {
          const due = open.get(index)?.stop() ?? NOTHING;
          open.delete(index);
          return due;
        }
        case 'message_start':
          message.started(data);
          return [{ type: 'start', id: message.id(), model: message.model() }, ...usageUpdate()];
        case 'message_delta':
          message.changed(data);
          return usageUpdate();
        case 'message_stop':
          return finish();
        default:
          return NOTHING;
      }
    },
    end() {
      if (finished) return NOTHING;
      if (!message.stopped()) throw streamCut(provider);
      return finish();
    },
  };
  return withFrameRepeater(decoder, { only: '"content_block_delta"' });
}
