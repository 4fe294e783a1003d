import {
  asArray,
  type Citation,
  type Extensions,
  type JsonObject,
  type TextDeltaEvent,
  type TextExtensionEvent,
} from '@signalbox/core';
import { itemFields, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { messageItem, textEntry, urlCitations } from './output-items.ts';
import type { WriteEvent } from './sse-writer.ts';

/** One text of a message item: its pieces until it is whole, then the text. */
interface Content {
  readonly place: number;
  readonly refusal: boolean;
  pieces: string[];
  extensions: Record<string, JsonObject>;
  /** Of another format, until the text is whole. */
  readonly citations: Citation[];
  whole: boolean;
  /** Content of another kind, as it came. */
  readonly value?: JsonObject | undefined;
}

/** Writes one message item. */
export interface MessageWriter {
  add(event: TextDeltaEvent): string;
  extend(event: TextExtensionEvent): string;
  /** Content that is no text. */
  addWhole(value: JsonObject): string;
  /** Ends the text that is being written; the message goes on. */
  endContent(): string;
  end(): string;
  item(): JsonObject;
  /** Whether a part of the answer is written here. */
  holds(part: number): boolean;
  readonly ended: boolean;
}

/** Begins a message item at a place of the output. */
export function createMessageWriter(
  write: WriteEvent,
  id: string,
  outputIndex: number,
  firstMark: JsonObject | undefined,
): { readonly writer: MessageWriter; readonly text: string } {
  const contents = new Map<number, Content>();
  const others: Content[] = [];
  let mark = firstMark;
  let count = 0;
  let ended = false;
  const item = (): JsonObject => messageItem(id, mark, list().map(entryOf));
  const list = () => [...contents.values(), ...others].toSorted((one, other) => one.place - other.place);
  const at = (content: Content) => ({ item_id: id, output_index: outputIndex, content_index: content.place });

  function begin(refusal: boolean, value?: JsonObject): { content: Content; text: string } {
    const before = endContent();
    const content: Content = { place: count, refusal, pieces: [], extensions: {}, citations: [], whole: false, value };
    count += 1;
    return { content, text: before + write('response.content_part.added', { ...at(content), part: entryOf(content) }) };
  }

  function endContent(): string {
    let text = '';
    for (const content of contents.values()) if (!content.whole) text += endOne(content);
    return text;
  }

  function addFields(content: Content, fields: JsonObject): string {
    if (Object.keys(fields).length === 0) return '';
    const before = ownFields(content.extensions);
    const offset = asArray(before.annotations).length;
    content.extensions = { [FORMAT_ID]: joinLists(before, fields) };
    const added = asArray(fields.annotations).map((annotation, place) => {
      const annotated = { ...at(content), annotation_index: offset + place, annotation };
      return write('response.output_text.annotation.added', annotated);
    });
    return added.join('');
  }

  function endOne(content: Content): string {
    content.whole = true;
    const cited =
      content.citations.length === 0
        ? ''
        : addFields(content, { annotations: urlCitations(content.citations, lengthOf(content)) });
    const part = entryOf(content);
    const whole = content.refusal ? { refusal: part.refusal } : { text: part.text, logprobs: part.logprobs };
    const type = content.refusal ? 'response.refusal.done' : 'response.output_text.done';
    return (
      cited + write(type, { ...at(content), ...whole }) + write('response.content_part.done', { ...at(content), part })
    );
  }

  return {
    text: write('response.output_item.added', {
      output_index: outputIndex,
      item: { ...messageItem(id, mark, []), status: 'in_progress' },
    }),
    writer: {
      get ended() {
        return ended;
      },
      item,
      endContent,
      holds: (part) => contents.has(part),
      add({ index, text, refusal }) {
        let content = contents.get(index);
        let head = '';
        if (content === undefined) {
          const begun = begin(refusal === true);
          content = begun.content;
          head = begun.text;
          contents.set(index, content);
        }
        if (text === '') return head;
        content.pieces.push(text);
        if (content.refusal) return head + write('response.refusal.delta', { ...at(content), delta: text });
        return head + write('response.output_text.delta', { ...at(content), delta: text, logprobs: [] });
      },
      extend({ index, extensions, citations }) {
        mark = itemFields(extensions) ?? mark;
        const content = contents.get(index);
        const { item: _item, ...own } = ownFields(extensions);
        if (content === undefined) return '';
        const isOther = citations !== undefined && own.annotations === undefined;
        // What they bear out is known when the text is: some providers name the pages first.
        if (isOther && !content.whole) content.citations.push(...citations);
        const others = isOther && content.whole ? { annotations: urlCitations(citations, lengthOf(content)) } : {};
        return addFields(content, { ...own, ...others });
      },
      addWhole(value) {
        const { content, text } = begin(false, value);
        content.whole = true;
        others.push(content);
        return text + write('response.content_part.done', { ...at(content), part: value });
      },
      end() {
        ended = true;
        return endContent() + write('response.output_item.done', { output_index: outputIndex, item: item() });
      },
    },
  };
}

/** A text's entry in the item's content. Its pieces are joined once. */
function entryOf(content: Content): JsonObject {
  if (content.value !== undefined) return content.value;
  if (content.pieces.length > 1) content.pieces = [content.pieces.join('')];
  const extensions: Extensions = content.extensions;
  return textEntry({ text: content.pieces[0] ?? '', refusal: content.refusal, extensions });
}

function lengthOf({ pieces }: Content): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** Fields of both; lists (annotations, log probabilities) come piece by piece and are joined. */
function joinLists(before: JsonObject, more: JsonObject): JsonObject {
  const joined: JsonObject = { ...before };
  for (const [key, value] of Object.entries(more)) {
    const list = joined[key];
    joined[key] = Array.isArray(list) && Array.isArray(value) ? [...list, ...value] : value;
  }
  return joined;
}
