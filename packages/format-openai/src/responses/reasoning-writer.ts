import type { JsonObject, ReasoningPart, ReasoningSignatureEvent } from '@signalbox/core';
import { ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { answerReasoning } from './output-items.ts';
import type { WriteEvent } from './sse-writer.ts';

/** Writes one reasoning item. */
export interface ReasoningWriter {
  readonly part: number;
  add(text: string): string;
  sign(event: ReasoningSignatureEvent): void;
  end(): string;
  /** The item so far, as JSON. */
  item(): string;
  readonly ended: boolean;
}

/** How a summary and the reasoning itself are streamed. */
const SUMMARY = {
  at: { summary_index: 0 },
  type: 'summary_text',
  added: 'response.reasoning_summary_part.added',
  delta: 'response.reasoning_summary_text.delta',
  done: 'response.reasoning_summary_text.done',
  partDone: 'response.reasoning_summary_part.done',
} as const;
const CONTENT = {
  at: { content_index: 0 },
  type: 'reasoning_text',
  added: 'response.content_part.added',
  delta: 'response.reasoning_text.delta',
  done: 'response.reasoning_text.done',
  partDone: 'response.content_part.done',
} as const;

/**
 * Begins a reasoning item at a place of the output. Its text is streamed as a summary, which is what clients show, unless it
 * came from a reasoning item's content.
 */
export function createReasoningWriter(
  write: WriteEvent,
  id: string,
  outputIndex: number,
  first: Pick<ReasoningSignatureEvent, 'index' | 'extensions'>,
): { readonly writer: ReasoningWriter; readonly text: string } {
  let fields: JsonObject = { ...ownFields(first.extensions) };
  let encrypted: ReasoningPart['encrypted'];
  let began = false;
  const form = fields.content === true ? CONTENT : SUMMARY;
  const at = { item_id: id, output_index: outputIndex, ...form.at };
  const deltas = write.deltas(form.delta, JSON.stringify(at).slice(1, -1));

  /** What stands for the text; nothing where there is none. */
  const text = () => (began ? deltas.whole() : '');

  function item(): string {
    const part: ReasoningPart = { type: 'reasoning', text: text(), encrypted, extensions: { [FORMAT_ID]: fields } };
    return write.json(answerReasoning(id, part));
  }

  const writer: ReasoningWriter & { ended: boolean } = {
    part: first.index,
    item,
    ended: false,
    add(piece) {
      if (piece === '') return '';
      const head = began ? '' : write(form.added, { ...at, part: { type: form.type, text: '' } });
      began = true;
      return head + deltas.write(piece);
    },
    sign(event) {
      fields = { ...fields, ...ownFields(event.extensions) };
      encrypted = event.encrypted ?? event.signature ?? encrypted;
    },
    end() {
      writer.ended = true;
      const whole = text();
      const done = began
        ? write(form.done, { ...at, text: whole }) +
          write(form.partDone, { ...at, part: { type: form.type, text: whole } })
        : '';
      return done + write.members('response.output_item.done', `"output_index":${outputIndex},"item":${item()}`);
    },
  };
  const added = write('response.output_item.added', {
    output_index: outputIndex,
    item: { id, type: 'reasoning', summary: [] },
  });
  return { writer, text: added };
}
