import {
  asArray,
  type Citation,
  type JsonObject,
  type JsonValue,
  type TextDeltaEvent,
  type TextExtensionEvent,
  writeTokenLogprobs,
} from '@signalbox/core';
import { itemFields, ownFields } from './extensions.ts';
import { FORMAT_ID } from './format-id.ts';
import { type JsonTemplate, jsonTemplate } from './json-template.ts';
import { messageItem, textEntry, urlCitations } from './output-items.ts';
import type { DeltaWriter, WriteEvent } from './sse-writer.ts';

/** One text of a message item: its pieces until it is whole, then the text. */
interface Content {
  readonly place: number;
  /** Where it is: members of its events. */
  readonly at: string;
  readonly refusal: boolean;
  readonly deltas: DeltaWriter;
  /** Its own fields beside the text. */
  readonly fields: JsonObject;
  /** Of another format, until the text is whole. */
  readonly citations: Citation[];
  whole: boolean;
  /** Content of another kind, as it came. */
  readonly value?: JsonObject | undefined;
}

/** Writes one message item. */
export interface MessageWriter {
  add(event: TextDeltaEvent): string;
  /** Writes more of a text that was begun, until another one begins or the text ends. */
  more(part: number): ((text: string) => string) | undefined;
  extend(event: TextExtensionEvent): string;
  /** Content that is no text. */
  addWhole(value: JsonObject): string;
  /** Ends the text that is being written; the message goes on. */
  endContent(): string;
  end(): string;
  /** The item so far, as JSON. */
  item(): string;
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
  let unfinished: Content[] = [];
  let mark = firstMark;
  let count = 0;
  const idJson = JSON.stringify(id);
  const list = () => [...contents.values(), ...others].toSorted((one, other) => one.place - other.place);
  const entryOf = ({ value, deltas, refusal, fields }: Content): string => {
    if (value !== undefined) return JSON.stringify(value);
    if (!refusal && isEmpty(fields)) return plainEntry(deltas.json());
    return write.json(textEntry({ text: deltas.whole(), refusal, extensions: { [FORMAT_ID]: fields } }));
  };
  const item = (): string => itemWith(mark)(idJson, list().map(entryOf).join(','));

  function begin(refusal: boolean, value?: JsonObject): { content: Content; text: string } {
    const before = endContent();
    const at = `"item_id":${idJson},"output_index":${outputIndex},"content_index":${count}`;
    const deltas = refusal
      ? write.deltas('response.refusal.delta', at)
      : write.deltas('response.output_text.delta', at, '"logprobs":[]');
    const content: Content = { place: count, at, refusal, deltas, fields: {}, citations: [], whole: false, value };
    count += 1;
    if (value === undefined) unfinished.push(content);
    return { content, text: before + write.members('response.content_part.added', `${at},"part":${entryOf(content)}`) };
  }

  function endContent(): string {
    let text = '';
    for (const content of unfinished) text += endOne(content);
    unfinished = [];
    return text;
  }

  function extendContent(content: Content, fields: JsonObject): string {
    if (Object.keys(fields).length === 0) return '';
    const offset = asArray(content.fields.annotations).length;
    addFields(content.fields, fields);
    return asArray(fields.annotations)
      .map((annotation, place) =>
        write.members(
          'response.output_text.annotation.added',
          `${content.at},"annotation_index":${offset + place},"annotation":${JSON.stringify(annotation)}`,
        ),
      )
      .join('');
  }

  function endOne(content: Content): string {
    content.whole = true;
    const cited =
      content.citations.length === 0
        ? ''
        : extendContent(content, { annotations: urlCitations(content.citations, content.deltas.length()) });
    const { at, refusal, deltas, fields } = content;
    const type = refusal ? 'response.refusal.done' : 'response.output_text.done';
    const said = `"${refusal ? 'refusal' : 'text'}":${deltas.json()}`;
    const logprobs = refusal ? '' : `,"logprobs":${JSON.stringify(asArray(fields.logprobs))}`;
    const done = write.members(type, `${at},${said}${logprobs}`);
    return cited + done + write.members('response.content_part.done', `${at},"part":${entryOf(content)}`);
  }

  const writer: MessageWriter & { ended: boolean } = {
    ended: false,
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
      const delta = content.deltas.write(text);
      return head === '' ? delta : head + delta;
    },
    more: (part) => contents.get(part)?.deltas.write,
    extend({ index, extensions, citations, logprobs }) {
      mark = itemFields(extensions) ?? mark;
      const content = contents.get(index);
      const { item: _item, ...own } = ownFields(extensions);
      if (content === undefined) return '';
      const isOther = citations !== undefined && own.annotations === undefined;
      // What they bear out is known when the text is: some providers name the pages first.
      if (isOther && !content.whole) content.citations.push(...citations);
      const others = isOther && content.whole ? { annotations: urlCitations(citations, content.deltas.length()) } : {};
      const tokens =
        logprobs === undefined || own.logprobs !== undefined ? {} : { logprobs: writeTokenLogprobs(logprobs) };
      return extendContent(content, { ...own, ...others, ...tokens });
    },
    addWhole(value) {
      const { content, text } = begin(false, value);
      others.push(content);
      return text + write.members('response.content_part.done', `${content.at},"part":${JSON.stringify(value)}`);
    },
    end() {
      writer.ended = true;
      const text = endContent();
      return text + write.members('response.output_item.done', `"output_index":${outputIndex},"item":${item()}`);
    },
  };
  const begun = isPlain(mark) ? plainBegun(idJson) : JSON.stringify(begunItem(id, mark));
  return { writer, text: write.members('response.output_item.added', `"output_index":${outputIndex},"item":${begun}`) };
}

const plainEntry = jsonTemplate(1, (text) => textEntry({ text }));
const plainItem = jsonTemplate(2, (id, content) => messageItem(id, undefined, [content]));
const plainBegun = jsonTemplate(1, (id) => begunItem(id, undefined));

/** Writes an item, of its id and its content. */
function itemWith(mark: JsonObject | undefined): JsonTemplate {
  return isPlain(mark) ? plainItem : jsonTemplate(2, (id, content) => messageItem(id, mark, [content]));
}

/** A message item of which nothing is there yet. */
function begunItem(id: string, mark: JsonObject | undefined): JsonObject {
  return { ...messageItem(id, mark, []), status: 'in_progress' };
}

/** Whether an item has no fields of its own but its id. */
function isPlain(mark: JsonObject | undefined): boolean {
  return mark === undefined || Object.keys(mark).every((key) => key === 'id');
}

function isEmpty(object: JsonObject): boolean {
  for (const _key in object) return false;
  return true;
}

/** Adds fields; lists (annotations, log probabilities) come piece by piece and grow in place. */
function addFields(gathered: JsonObject, more: Readonly<Record<string, JsonValue | undefined>>): void {
  for (const [key, value] of Object.entries(more)) {
    const list = gathered[key];
    if (Array.isArray(list) && Array.isArray(value)) for (const entry of value) list.push(entry);
    else gathered[key] = Array.isArray(value) ? [...value] : value;
  }
}
