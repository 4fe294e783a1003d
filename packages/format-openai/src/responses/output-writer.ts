import type {
  JsonObject,
  OpaquePartEvent,
  ReasoningDeltaEvent,
  ReasoningSignatureEvent,
  TextDeltaEvent,
  TextExtensionEvent,
  ToolCallStartEvent,
} from '@signalbox/core';
import { type CallWriter, createCallWriter } from './call-writer.ts';
import { isContentType } from './decode-input.ts';
import { itemFields } from './extensions.ts';
import { createMessageWriter, type MessageWriter } from './message-writer.ts';
import { callItemId, opaqueItem, ownId, showsReasoning } from './output-items.ts';
import { createReasoningWriter, type ReasoningWriter } from './reasoning-writer.ts';
import type { WriteEvent } from './sse-writer.ts';

/** Writes the output items of one stream. */
export interface OutputWriter {
  text(event: TextDeltaEvent): string;
  extendText(event: TextExtensionEvent): string;
  reasoning(event: ReasoningDeltaEvent): string;
  signReasoning(event: ReasoningSignatureEvent): string;
  startCall(event: ToolCallStartEvent): string;
  addArguments(part: number, text: string): string;
  opaque(event: OpaquePartEvent): string;
  /** Ends all items that are still open. */
  end(): string;
  /** The items so far, as JSON. */
  items(): string[];
  /** The same where nothing more comes: what is still open is incomplete. */
  brokenItems(): string[];
  readonly refused: boolean;
}

/**
 * Items are written as their parts come. A message or reasoning ends where another part begins, so that clients can show it; tool
 * calls stay open to the end, because their pieces may come in turns. `givenIds`: of items that the caller has seen, by their place.
 */
export function createOutputWriter(
  write: WriteEvent,
  createId: () => string,
  givenIds: ReadonlyMap<number, string>,
): OutputWriter {
  const output: (() => string)[] = [];
  const messages = new Map<number, MessageWriter>();
  const calls = new Map<number, CallWriter>();
  let message: MessageWriter | undefined;
  let reasoning: ReasoningWriter | undefined;
  // The text that most events go on with, as long as nothing comes in between.
  let growing: { readonly part: number; readonly write: (text: string) => string } | undefined;

  /** The id that the next item has already, where the caller knows it. */
  const givenId = () => givenIds.get(output.length);

  function close(): string {
    growing = undefined;
    const text = (message?.end() ?? '') + (reasoning?.end() ?? '');
    message = undefined;
    reasoning = undefined;
    return text;
  }

  function beginMessage(mark: JsonObject | undefined, id: string | undefined): { writer: MessageWriter; text: string } {
    const before = close();
    const begun = createMessageWriter(write, givenId() ?? id ?? `msg_${createId()}`, output.length, mark);
    message = begun.writer;
    output.push(begun.writer.item);
    return { writer: begun.writer, text: before + begun.text };
  }

  /** The message that a text goes into, begun if need be. Texts that follow each other share one. */
  function messageFor(part: number): { writer: MessageWriter; text: string } {
    const known = messages.get(part);
    if (known !== undefined && !known.ended) return { writer: known, text: '' };
    const found = message === undefined ? beginMessage(undefined, undefined) : { writer: message, text: '' };
    messages.set(part, found.writer);
    return found;
  }

  function beginReasoning(event: Pick<ReasoningSignatureEvent, 'index' | 'extensions'>): string {
    const before = close();
    const id = givenId() ?? ownId(event.extensions) ?? `rs_${createId()}`;
    const begun = createReasoningWriter(write, id, output.length, event);
    reasoning = begun.writer;
    output.push(begun.writer.item);
    return before + begun.text;
  }

  const writer: OutputWriter & { refused: boolean } = {
    refused: false,
    items: () => output.map((item) => item()),
    brokenItems() {
      const open = new Set([message?.item, reasoning?.item, ...[...calls.values()].map((call) => call.item)]);
      return output.map((item) =>
        open.has(item) ? JSON.stringify({ ...JSON.parse(item()), status: 'incomplete' }) : item(),
      );
    },
    text(event) {
      if (event.index === growing?.part && event.text !== '') return growing.write(event.text);
      if (event.refusal === true) writer.refused = true;
      const { writer: own, text } = messageFor(event.index);
      const written = text + own.add(event);
      const write = own.more(event.index);
      growing = write === undefined ? undefined : { part: event.index, write };
      return written;
    },
    extendText(event) {
      const known = messages.get(event.index);
      if (known !== undefined) return known.extend(event);
      const mark = itemFields(event.extensions);
      if (mark === undefined && event.citations !== undefined) {
        // Pages that are named before the text: it begins with nothing in it.
        const begun = messageFor(event.index);
        const empty = begun.writer.add({ type: 'text-delta', index: event.index, text: '' });
        return begun.text + empty + begun.writer.extend(event);
      }
      // Fields of other formats begin nothing here.
      if (mark === undefined) return '';
      const { writer, text } = beginMessage(mark, ownId(event.extensions));
      messages.set(event.index, writer);
      return text;
    },
    reasoning(event) {
      if (event.text === '') return '';
      const head = reasoning?.part === event.index ? '' : beginReasoning(event);
      return head + (reasoning?.add(event.text) ?? '');
    },
    signReasoning(event) {
      if (reasoning?.part !== event.index) {
        if (!showsReasoning({ ...event, text: '' })) return '';
        const head = beginReasoning(event);
        reasoning?.sign(event);
        return head;
      }
      reasoning.sign(event);
      return '';
    },
    startCall(event) {
      const before = close();
      const id = givenId() ?? callItemId(event, createId);
      const begun = createCallWriter(write, id, output.length, event);
      calls.set(event.index, begun.writer);
      output.push(begun.writer.item);
      return before + begun.text;
    },
    addArguments: (part, text) => calls.get(part)?.add(text) ?? '',
    opaque({ part }) {
      growing = undefined;
      if (isContentType(part.value.type)) {
        const { writer, text } =
          message === undefined ? beginMessage(undefined, undefined) : { writer: message, text: '' };
        return text + writer.addWhole(part.value);
      }
      const item = opaqueItem(part, createId);
      if (item === undefined) return '';
      const before = close();
      const written = JSON.stringify(item);
      const place = `"output_index":${output.length},"item":${written}`;
      output.push(() => written);
      return (
        before + write.members('response.output_item.added', place) + write.members('response.output_item.done', place)
      );
    },
    end() {
      let text = close();
      for (const call of calls.values()) text += call.end();
      return text;
    },
  };
  return writer;
}
