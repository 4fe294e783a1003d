import { describe, expect, it } from 'vitest';
import { createNoteList, type Message, type ModelRequest, type Part, pairToolResults } from '../src/index.ts';

const call = (id: string): Part => ({ type: 'tool-call', id, name: 'look', arguments: '{}' });
const result = (callId: string, text = callId): Part => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text }],
});
const text = (words: string): Part => ({ type: 'text', text: words });
const user = (...parts: Part[]): Message => ({ role: 'user', parts });
const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts });

function paired(...messages: Message[]) {
  const request: ModelRequest = { system: [], messages };
  const notes = createNoteList('some-format');
  const after = pairToolResults(request, 'some-format', notes);
  return {
    same: after === request,
    messages: after.messages.map(({ role, parts }) => `${role}: ${parts.map(shown).join(', ')}`),
    notes: notes.notes.map(({ field, action }) => `${action} ${field}`),
  };
}

function shown(part: Part): string {
  if (part.type === 'tool-call') return `call ${part.id}`;
  if (part.type !== 'tool-result') return part.type === 'text' ? part.text : part.type;
  const words = part.content.map((piece) => (piece.type === 'text' ? piece.text : '')).join('+');
  return `result ${part.callId}=${words}${part.isError === true ? '!' : ''}`;
}

describe('calls and results', () => {
  it.each<[string, Message[]]>([
    ['no calls', [user(text('Hi')), assistant(text('Hello'))]],
    ['a call and its result', [user(text('Hi')), assistant(call('a')), user(result('a'), text('Go on'))]],
    ['parallel calls answered in any order', [assistant(call('a'), call('b')), user(result('b'), result('a'))]],
    ['results in messages of their own', [assistant(call('a'), call('b')), user(result('a')), user(result('b'))]],
    ['calls in two messages of one turn', [assistant(call('a')), assistant(call('b')), user(result('a'), result('b'))]],
  ])('that pair stay as they are: %s', (_, messages) => {
    expect(paired(...messages)).toMatchObject({ same: true, notes: [] });
  });

  it('a call without a result gets one that says so', () => {
    expect(paired(assistant(call('a'), call('b')), user(result('b'), text('Never mind')))).toEqual({
      same: false,
      messages: [
        'assistant: call a, call b',
        'user: result a=There is no result: this call was not answered.!, result b=b, Never mind',
      ],
      notes: ['approximated messages[0].parts[0]'],
    });
  });

  it('at the end and between turns as well', () => {
    const { messages } = paired(assistant(call('a')), { role: 'system', parts: [text('Hurry')] }, assistant(call('b')));
    expect(messages.map((message) => message.replace(/There.*/, '-'))).toEqual([
      'assistant: call a',
      'user: result a=-',
      'system: Hurry',
      'assistant: call b',
      'user: result b=-',
    ]);
  });

  it('a result without a call becomes text', () => {
    expect(paired(user(result('lost', 'Rain.'), text('Go on')), assistant(text('Well')))).toEqual({
      same: false,
      messages: ['user: [Result of a tool, whose call is not in this conversation:], Rain., Go on', 'assistant: Well'],
      notes: ['approximated messages[0].parts[0]'],
    });
  });

  it('a result that comes late moves to its call', () => {
    expect(
      paired(assistant(call('a')), user(text('Wait')), assistant(text('Yes')), user(result('a'), text('So'))),
    ).toEqual({
      same: false,
      messages: ['assistant: call a', 'user: result a=a, Wait', 'assistant: Yes', 'user: So'],
      notes: ['mapped messages[3].parts[0]'],
    });
  });

  it('an id that is used again is another call, and its result goes with it', () => {
    expect(paired(assistant(call('a')), user(result('a', '1')), assistant(call('a')), user(result('a', '2')))).toEqual({
      same: false,
      messages: ['assistant: call a', 'user: result a=1', 'assistant: call a_2', 'user: result a_2=2'],
      notes: ['mapped messages[2].parts[0].id'],
    });
    expect(paired(assistant(call(''), call('')), user(result('', '1'), result('', '2'))).messages).toEqual([
      'assistant: call , call call_2',
      'user: result =1, result call_2=2',
    ]);
  });

  it('a second result of one call is added to the first', () => {
    expect(paired(assistant(call('a')), user(result('a', '1'), result('a', '2')))).toEqual({
      same: false,
      messages: ['assistant: call a', 'user: result a=1+2'],
      notes: ['approximated messages[1].parts[1]'],
    });
  });

  it('are left alone where part of the history is with the provider, or the call is of a kind of its own', () => {
    const messages = [user(result('a'))];
    const serverState = { format: 'some-format', parameter: 'previous_response_id' };
    const stored: ModelRequest = { system: [], messages, serverState };
    expect(pairToolResults(stored, 'some-format', createNoteList('some-format'))).toBe(stored);
    const search: Part = { type: 'opaque', format: 'some-format', value: { type: 'search_call', call_id: 'a' } };
    expect(paired(assistant(search), ...messages).same).toBe(true);
    expect(paired(assistant({ ...search, format: 'another-format' } as Part), ...messages).same).toBe(false);
  });

  it('pair after any cut of a history', () => {
    const whole = [
      user(text('1')),
      assistant(call('a'), call('b')),
      user(result('a'), result('b')),
      assistant(text('2'), call('c')),
      user(result('c')),
      assistant(text('3')),
    ];
    for (let out = 0; out < 2 ** whole.length; out += 1) {
      const cut = whole.filter((_, index) => (out & (1 << index)) === 0);
      const notes = createNoteList('some-format');
      const once = pairToolResults({ system: [], messages: cut }, 'some-format', notes);
      const again = createNoteList('some-format');
      expect(pairToolResults(once, 'some-format', again)).toBe(once);
      expect(again.notes).toEqual([]);
    }
  });
});
