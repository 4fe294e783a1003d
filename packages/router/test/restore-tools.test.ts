import {
  createNoteList,
  createResponseFold,
  type ModelRequest,
  plainTools,
  type StreamEvent,
  type Tool,
} from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createToolRestorer } from '../src/lanes/restore-tools.ts';

const TOOLS: readonly Tool[] = [
  { type: 'custom', name: 'exec', description: 'Runs code.', grammar: { syntax: 'lark', definition: 'start: /.+/' } },
  { type: 'function', name: 'wait', namespace: 'functions' },
  { type: 'custom', name: 'patch', namespace: 'functions' },
  { type: 'function', name: 'exec2' },
];
const request = (tools: readonly Tool[] = TOOLS): ModelRequest => ({ system: [], messages: [], tools });

function call(index: number, name: string, ...pieces: string[]): StreamEvent[] {
  return [
    { type: 'tool-call-start', index, id: `call_${index}`, name },
    ...pieces.map((piece): StreamEvent => ({ type: 'tool-call-delta', index, arguments: piece })),
  ];
}
const END: StreamEvent = { type: 'finish', reason: 'tool-calls' };

function restored(events: readonly StreamEvent[], tools = TOOLS) {
  const restorer = createToolRestorer(request(tools));
  const fold = createResponseFold();
  for (const event of events) for (const one of restorer?.events(event) ?? [event]) fold.add(one);
  return fold.response().parts;
}

describe('a tool whose name a format does not take', () => {
  const dotted: Tool = { type: 'function', name: 'files.read:all' };
  const plain: Tool = { type: 'function', name: 'files_read' };

  it.each([64, 128])('is offered under another (%i characters at most), and called by its own', (nameLength) => {
    const notes = createNoteList('some-format');
    const asked: ModelRequest = {
      ...request([dotted, plain]),
      messages: [{ role: 'assistant', parts: [{ type: 'tool-call', id: '1', name: dotted.name, arguments: '' }] }],
      toolChoice: { type: 'tool', name: dotted.name },
    };
    const { tools = [], messages, toolChoice } = plainTools(asked, { custom: false, nameLength }, notes);
    const name = tools[0]?.type === 'function' ? tools[0].name : '';
    expect(name).toMatch(/^files_read_all_[0-9a-f]{8}$/);
    expect(tools[1]).toBe(plain);
    expect(messages[0]?.parts).toMatchObject([{ name }]);
    expect(toolChoice).toEqual({ type: 'tool', name });
    expect(notes.notes).toMatchObject([{ field: 'tools[0]', action: 'mapped' }]);
    expect(restored([...call(0, name, '{}'), ...call(1, 'files_read', '{}'), END], [dotted, plain])).toMatchObject([
      { name: dotted.name, arguments: '{}' },
      { name: 'files_read', arguments: '{}' },
    ]);
  });

  it('keeps its group where there are groups', () => {
    const grouped = request([{ type: 'function', name: 'a.b', namespace: 'files' }]);
    const { tools } = plainTools(grouped, { custom: true, groups: true, nameLength: 64 }, createNoteList('f'));
    expect(tools).toMatchObject([{ name: expect.stringMatching(/^a_b_/), namespace: 'files' }]);
  });
});

describe('several answers', () => {
  it('have each their own calls put right', () => {
    const restorer = createToolRestorer(request());
    const fold = createResponseFold();
    const theirs = call(0, 'exec', '{"input":', '"ls"}').map((event) => {
      return { type: 'other-answer', answer: 1, event } as StreamEvent;
    });
    const end = { type: 'other-answer', answer: 1, event: END } as StreamEvent;
    for (const event of [...call(0, 'exec', '{"input":"pwd"}'), ...theirs, end, END]) {
      for (const one of restorer?.events(event) ?? []) fold.add(one);
    }
    expect(fold.response()).toMatchObject({
      parts: [{ name: 'exec', kind: 'custom', arguments: 'pwd' }],
      others: [{ parts: [{ name: 'exec', kind: 'custom', arguments: 'ls' }] }],
    });
  });
});

describe('a request for a format of functions alone', () => {
  it('offers free-text tools as functions of one text, with the grammar in the description, and names groups', () => {
    const notes = createNoteList('some-format');
    const { tools } = plainTools(request(), { custom: false }, notes);
    expect(tools?.map((tool) => tool.type === 'function' && tool.name)).toEqual([
      'exec',
      'functions__wait',
      'functions__patch',
      'exec2',
    ]);
    expect(tools?.[0]).toMatchObject({
      description: 'Runs code.\n\nThe input must follow this lark grammar:\nstart: /.+/',
      parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
    });
    expect(notes.notes.map(({ field, action }) => `${action} ${field}`)).toEqual([
      'approximated tools[0]',
      'mapped tools[1]',
      'mapped tools[2]',
      'approximated tools[2]',
    ]);
  });

  it('is the same request where it has no other tools', () => {
    const plain = request([{ type: 'function', name: 'f' }]);
    expect(plainTools(plain, { custom: false }, createNoteList('some-format'))).toBe(plain);
    expect(createToolRestorer(plain)).toBeUndefined();
  });

  it('keeps a choice and earlier calls with the names that are offered', () => {
    const told: ModelRequest = {
      ...request(),
      toolChoice: { type: 'allowed', mode: 'auto', names: ['wait', 'exec2'] },
      messages: [
        {
          role: 'assistant',
          parts: [{ type: 'tool-call', id: '1', name: 'wait', namespace: 'functions', arguments: '{}' }],
        },
      ],
    };
    const plain = plainTools(told, { custom: false }, createNoteList('some-format'));
    expect(plain.toolChoice).toMatchObject({ names: ['functions__wait', 'exec2'] });
    expect(plain.messages[0]?.parts[0]).toEqual({
      type: 'tool-call',
      id: '1',
      name: 'functions__wait',
      arguments: '{}',
    });
  });
});

describe('the calls of an answer', () => {
  it('are those of the tools that the caller offered', () => {
    const events = [
      ...call(0, 'exec', '{"input":"ls', ' \\"a\\"\\n"}'),
      ...call(1, 'functions__wait', '{"cell":', '1}'),
      ...call(2, 'functions__patch', '{"input":""}'),
      ...call(3, 'exec2', '{"input":"x"}'),
      END,
    ];
    expect(restored(events)).toMatchObject([
      { name: 'exec', kind: 'custom', arguments: 'ls "a"\n' },
      { name: 'wait', namespace: 'functions', arguments: '{"cell":1}' },
      { name: 'patch', namespace: 'functions', kind: 'custom', arguments: '' },
      { name: 'exec2', arguments: '{"input":"x"}' },
    ]);
  });

  it('keep what the model wrote where that is no such argument', () => {
    expect(restored([...call(0, 'exec', 'ls'), END])).toMatchObject([{ kind: 'custom', arguments: 'ls' }]);
    expect(restored([...call(0, 'exec', '{"code":"ls"}'), END])).toMatchObject([{ arguments: 'ls' }]);
    expect(restored([...call(0, 'exec', '{"a":1,"b":2}'), END])).toMatchObject([{ arguments: '{"a":1,"b":2}' }]);
  });

  it('stay as they are where the provider knows such tools itself, or the name is that of a function', () => {
    const native: StreamEvent = { type: 'tool-call-start', index: 0, id: '1', name: 'exec', kind: 'custom' };
    const events: StreamEvent[] = [native, { type: 'tool-call-delta', index: 0, arguments: '{"input":"x"}' }, END];
    expect(restored(events)).toMatchObject([{ kind: 'custom', arguments: '{"input":"x"}' }]);
    const tools: Tool[] = [
      { type: 'function', name: 'wait', namespace: 'functions' },
      { type: 'function', name: 'functions__wait' },
    ];
    expect(restored([...call(0, 'functions__wait', '{}'), END], tools)).toEqual([
      { type: 'tool-call', id: 'call_0', name: 'functions__wait', arguments: '{}' },
    ]);
  });

  it('are alike in a stream and whole, wherever the stream is cut', () => {
    const input = 'a "b"\n\u{1f600} \\ {';
    const written = JSON.stringify({ input });
    for (let cut = 0; cut <= written.length; cut += 1) {
      const between: StreamEvent[] = cut % 2 === 0 ? [{ type: 'text-delta', index: 9, text: 'x' }] : [];
      const events = [...call(0, 'exec', written.slice(0, cut), written.slice(cut)), ...between, END];
      const streamed = restored(events);
      expect(streamed[0]).toMatchObject({ name: 'exec', kind: 'custom', arguments: input });
      const fold = createResponseFold();
      for (const event of events) fold.add(event);
      expect(createToolRestorer(request())?.response(fold.response()).parts).toEqual(streamed);
    }
  });
});
