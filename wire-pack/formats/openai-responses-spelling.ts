import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '../../packages/core/src/index.ts';

// Spellings of one thing that the Responses API takes or gives. Each function returns the one in which bodies are compared.

const STRINGS_OR_LISTS: Readonly<Record<string, string>> = {
  message: 'content',
  function_call_output: 'output',
  custom_tool_call_output: 'output',
};

/** A request's input: a string is one message of the user, and so on. Items of other types stay as they are. */
export function comparableInput(value: JsonValue): JsonValue {
  const items = typeof value === 'string' ? [{ role: 'user', content: value }] : asArray(value);
  return items.map((entry) => {
    const item = asObject(entry);
    const type = item === undefined ? undefined : (asString(item.type) ?? 'message');
    if (item === undefined || type === undefined || !OUR_ITEMS.has(type)) return entry;
    const field = STRINGS_OR_LISTS[type];
    const content = field === undefined ? {} : { [field]: comparableContent(item[field]) };
    return withoutState({ ...item, type, ...content });
  });
}

/** Items that the canonical form has words for. */
const OUR_ITEMS = new Set([
  'message',
  'reasoning',
  'function_call',
  'function_call_output',
  'custom_tool_call',
  'custom_tool_call_output',
]);

/** An item of an answer. */
export function comparableOutputItem(value: JsonValue): JsonValue {
  const item = asObject(value);
  if (item === undefined || !OUR_ITEMS.has(String(item.type))) return value;
  const content = Array.isArray(item.content) ? { content: item.content.map(withoutEmptyLists) } : {};
  const input = item.type === 'function_call' && item.arguments === '' ? { arguments: '{}' } : {};
  return withoutState({ ...item, ...content, ...input });
}

/** The state of an item counts only where it is incomplete; lists without entries say nothing. */
function withoutState(item: JsonObject): JsonObject {
  const { status, ...rest } = withoutEmptyLists(item) as JsonObject;
  return status === 'incomplete' ? { ...rest, status } : rest;
}

function withoutEmptyLists(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, entry]) => !(Array.isArray(entry) && entry.length === 0));
  return Object.fromEntries(entries);
}

/** A string is the list of one text; the two names of text say only who spoke. */
function comparableContent(content: JsonValue | undefined): JsonValue {
  const list = typeof content === 'string' ? [{ text: content }] : asArray(content);
  return list.map((entry) => {
    const part = withoutEmptyLists(entry);
    return isJsonObject(part) && typeof part.text === 'string' ? { ...part, type: 'text' } : part;
  });
}

/** Messages, reasoning and calls in their order, then the items of server tools. */
export function knownItemsFirst(value: JsonValue): JsonValue {
  return inTwoRows(asArray(value), (item) => OUR_ITEMS.has(String(asObject(item)?.type)));
}

/** The same of an answer's parts in canonical form. */
export function knownPartsFirst(value: JsonValue): JsonValue {
  return inTwoRows(asArray(value), (part) => asObject(part)?.type !== 'opaque');
}

function inTwoRows(list: readonly JsonValue[], isKnown: (entry: JsonValue) => boolean): JsonValue[] {
  const others = list.filter((entry) => !isKnown(entry)).map((entry) => [JSON.stringify(entry), entry] as const);
  return [
    ...list.filter(isKnown),
    ...others.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry),
  ];
}

/** Messages that stand in a row as one message with all of their content, under the fields of the last. */
export function messagesInARowAsOne(value: JsonValue): JsonValue {
  const list: JsonObject[] = [];
  for (const item of asArray(value).filter(isJsonObject)) {
    const before = list.at(-1);
    if (item.type !== 'message' || before?.type !== 'message') list.push(item);
    else list[list.length - 1] = { ...item, content: [...asArray(before.content), ...asArray(item.content)] };
  }
  return list;
}
