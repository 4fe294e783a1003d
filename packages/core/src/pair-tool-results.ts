import type { Message, ModelRequest } from './model-request.ts';
import type { NoteList } from './note-list.ts';
import type { Part, TextPart, ToolCallPart, ToolResultPart } from './part.ts';

type Report = Pick<NoteList, 'mapped' | 'approximated'>;

/** What stands for the result of a call that was never answered: the caller gave up, or cut its history. */
const NO_RESULT = 'There is no result: this call was not answered.';

/**
 * A request in which each tool call has one result, right behind the turn that made it. Histories are cut and put together by clients,
 * and most APIs refuse one in which calls and results don't pair. The same request where they do, and where part of the history is with
 * the provider.
 *
 * A call without a result gets one that says so; a result without a call becomes text; a result that comes late moves to its call; of two
 * calls with one id the later gets another; what is told twice of one call is one result. All of it is reported.
 */
export function pairToolResults(request: ModelRequest, format: string, notes: Report): ModelRequest {
  if (request.serverState !== undefined) return request;
  const others = callsOfOtherKinds(request.messages, format);
  if (isPaired(request.messages, others)) return request;
  return { ...request, messages: repaired(request.messages, others, notes) };
}

/** Ids of calls that only the format that is written has a word for: functions may answer those, too. */
function callsOfOtherKinds(messages: readonly Message[], format: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { parts } of messages) {
    for (const part of parts) {
      if (part.type !== 'opaque' || part.format !== format) continue;
      for (const id of [part.value.call_id, part.value.id]) if (typeof id === 'string') ids.add(id);
    }
  }
  return ids;
}

/** Whether each turn's calls are answered before anything else is said, once each, and there are no other results. */
function isPaired(messages: readonly Message[], others: ReadonlySet<string>): boolean {
  const known = new Set<string>();
  const open = new Set<string>();
  let before: Message['role'] | undefined;
  for (const { role, parts } of messages) {
    if (role === 'assistant') {
      if (open.size > 0 && before !== 'assistant') return false;
      before = role;
      for (const part of parts) {
        if (part.type === 'tool-result') return false;
        if (part.type !== 'tool-call') continue;
        if (known.has(part.id)) return false;
        known.add(part.id);
        open.add(part.id);
      }
      continue;
    }
    before = role;
    let onlyResults = true;
    for (const part of parts) {
      if (part.type === 'tool-call') return false;
      if (part.type !== 'tool-result') onlyResults = false;
      else if (!open.delete(part.callId) && !others.has(part.callId)) return false;
    }
    if (open.size > 0 && !onlyResults) return false;
  }
  return open.size === 0;
}

interface PendingCall {
  readonly call: ToolCallPart;
  /** Where it stood. */
  readonly field: string;
  result?: ToolResultPart;
}

/** The model's messages in a row: their results follow the last of them. */
interface Turn {
  readonly calls: PendingCall[];
  last: Draft;
}

interface Draft {
  readonly message: Message;
  readonly parts: Part[];
}

function repaired(messages: readonly Message[], others: ReadonlySet<string>, notes: Report): Message[] {
  const drafts: Draft[] = [];
  const turns: Turn[] = [];
  /** Calls by the ids that the caller knows. */
  const callsOf = new Map<string, PendingCall[]>();
  const ids = new Set<string>();

  function addCall(part: ToolCallPart, field: string, turn: Turn): ToolCallPart {
    const call = ids.has(part.id) ? { ...part, id: freshId(part.id, ids) } : part;
    if (call !== part) notes.mapped(`${field}.id`, `"${part.id}" is the id of an earlier call: it became "${call.id}"`);
    ids.add(call.id);
    const pending = { call, field };
    turn.calls.push(pending);
    callsOf.set(part.id, [...(callsOf.get(part.id) ?? []), pending]);
    return call;
  }

  function addResult(part: ToolResultPart, field: string, isNext: boolean): Part[] {
    const calls = callsOf.get(part.callId) ?? [];
    const open = calls.filter(({ result }) => result === undefined);
    const pending = open.find((call) => turns.at(-1)?.calls.includes(call)) ?? open[0] ?? calls.at(-1);
    if (pending === undefined) {
      if (others.has(part.callId)) return [part];
      notes.approximated(field, 'the call that it answers is not there: it became text');
      return [textOf(part), ...part.content];
    }
    const { result, call } = pending;
    if (result === undefined) {
      if (!isNext || turns.at(-1)?.calls.includes(pending) !== true) {
        notes.mapped(field, 'moved to where its call is');
      }
      pending.result = { ...part, callId: call.id };
    } else {
      notes.approximated(field, 'a second result of one call was added to the first');
      pending.result = { ...result, content: [...result.content, ...part.content] };
    }
    return [];
  }

  for (const [index, message] of messages.entries()) {
    const draft: Draft = { message, parts: [] };
    const isNext = drafts.at(-1) === turns.at(-1)?.last;
    if (message.role === 'assistant') {
      const turn = isNext ? turns.at(-1) : undefined;
      if (turn === undefined) turns.push({ calls: [], last: draft });
      else turn.last = draft;
    }
    drafts.push(draft);
    for (const [at, part] of message.parts.entries()) {
      const field = `messages[${index}].parts[${at}]`;
      const turn = turns.at(-1);
      if (part.type === 'tool-result') draft.parts.push(...addResult(part, field, isNext));
      else if (part.type === 'tool-call' && message.role === 'assistant' && turn !== undefined) {
        draft.parts.push(addCall(part, field, turn));
      } else draft.parts.push(part);
    }
  }
  return written(drafts, turns, notes);
}

/** The conversation with each turn's results behind it: in the user's next message, or in one of their own. */
function written(drafts: readonly Draft[], turns: readonly Turn[], notes: Report): Message[] {
  const messages: Message[] = [];
  const resultsAfter = new Map(turns.map(({ last, calls }) => [last, calls.map((call) => resultOf(call, notes))]));
  let due: ToolResultPart[] = [];
  for (const draft of drafts) {
    const { message } = draft;
    let parts = draft.parts;
    if (due.length > 0 && message.role === 'user') parts = [...due, ...parts];
    else if (due.length > 0) messages.push({ role: 'user', parts: due });
    due = resultsAfter.get(draft) ?? [];
    // A message of nothing but results that went elsewhere is gone.
    if (parts.length > 0 || message.parts.length === 0) messages.push({ ...message, parts });
  }
  return due.length === 0 ? messages : [...messages, { role: 'user', parts: due }];
}

function resultOf({ call, field, result }: PendingCall, notes: Report): ToolResultPart {
  if (result !== undefined) return result;
  notes.approximated(field, 'a call without a result: one that says so was added');
  const kind = call.kind === undefined ? {} : { kind: call.kind };
  return { type: 'tool-result', callId: call.id, content: [{ type: 'text', text: NO_RESULT }], isError: true, ...kind };
}

function textOf({ name, isError }: ToolResultPart): TextPart {
  const of = name === undefined ? 'a tool' : `the tool ${name}`;
  return {
    type: 'text',
    text: `[${isError === true ? 'Error' : 'Result'} of ${of}, whose call is not in this conversation:]`,
  };
}

function freshId(id: string, taken: ReadonlySet<string>): string {
  const base = id === '' ? 'call' : id;
  let count = 2;
  while (taken.has(`${base}_${count}`)) count += 1;
  return `${base}_${count}`;
}
