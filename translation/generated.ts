import fc from 'fast-check';
import type {
  Message,
  ModelRequest,
  ModelResponse,
  Part,
  StreamEvent,
  ToolCallPart,
} from '../packages/core/src/index.ts';

/** Text with letters of several scripts, surrogate pairs, quotes and line ends; never blank, never with blank ends. */
export const text: fc.Arbitrary<string> = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
  .map((words) => `«${words}»`);

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
const json = fc.dictionary(
  name,
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer())),
  { maxKeys: 3 },
);
const callArguments = json.map((value) => JSON.stringify(value));

const image: fc.Arbitrary<Part> = fc.base64String({ minLength: 4, maxLength: 40 }).map((data) => ({
  type: 'image',
  source: { kind: 'base64', mediaType: 'image/png', data },
}));

const textPart: fc.Arbitrary<Part> = text.map((words) => ({ type: 'text', text: words }));

/** A turn of the model with calls, and the user's turn with their results, in any order, among other things. */
function toolTurns(number: number): fc.Arbitrary<Message[]> {
  return fc
    .record({
      before: fc.option(textPart, { nil: undefined }),
      calls: fc.array(fc.record({ name, arguments: callArguments, result: text, isError: fc.boolean() }), {
        minLength: 1,
        maxLength: 3,
      }),
      after: fc.option(textPart, { nil: undefined }),
      reasoning: fc.option(text, { nil: undefined }),
    })
    .map(({ before, calls, after, reasoning }) => {
      const asked = calls.map((call, index): ToolCallPart => {
        return { type: 'tool-call', id: `call_${number}_${index}`, name: call.name, arguments: call.arguments };
      });
      const results = calls.map(
        (call, index): Part => ({
          type: 'tool-result',
          callId: `call_${number}_${index}`,
          name: call.name,
          content: [{ type: 'text', text: call.result }],
          ...(call.isError ? { isError: true } : {}),
        }),
      );
      const thought: Part[] = reasoning === undefined ? [] : [{ type: 'reasoning', text: reasoning }];
      return [
        { role: 'assistant', parts: [...thought, ...(before === undefined ? [] : [before]), ...asked] },
        { role: 'user', parts: [...results, ...(after === undefined ? [] : [after])] },
      ];
    });
}

function plainTurn(role: 'user' | 'assistant' | 'system'): fc.Arbitrary<Message[]> {
  const part = role === 'user' ? fc.oneof(textPart, image) : textPart;
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => [{ role, parts }]);
}

/** A conversation that begins and ends with the user. */
const messages: fc.Arbitrary<readonly Message[]> = fc
  .tuple(
    plainTurn('user'),
    fc.array(
      fc
        .integer({ min: 0, max: 99 })
        .chain((number) => fc.oneof(plainTurn('user'), plainTurn('assistant'), plainTurn('system'), toolTurns(number))),
      { maxLength: 4 },
    ),
    plainTurn('user'),
  )
  .map(([first, middle, last]) => [...first, ...middle.flat(), ...last])
  .map(withUniqueCalls);

/** Each tool turn's ids are its own. */
function withUniqueCalls(list: readonly Message[]): readonly Message[] {
  return list.map((message, index) => ({
    ...message,
    parts: message.parts.map((part) => {
      if (part.type === 'tool-call') return { ...part, id: `${part.id}_${index}` };
      if (part.type === 'tool-result') return { ...part, callId: `${part.callId}_${index - 1}` };
      return part;
    }),
  }));
}

/** A request as any caller may make it. */
export const request: fc.Arbitrary<ModelRequest> = fc
  .record({
    system: fc.array(text, { maxLength: 2 }),
    messages,
    names: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
    description: text,
    maxOutputTokens: fc.integer({ min: 16, max: 4000 }),
    temperature: fc.option(fc.constantFrom(0, 0.5, 1), { nil: undefined }),
  })
  .map(({ system, names, description, temperature, ...rest }) => ({
    ...rest,
    system: system.map((words) => ({ type: 'text' as const, text: words })),
    tools: names.map((tool) => ({
      type: 'function' as const,
      name: tool,
      description,
      parameters: { type: 'object', properties: { city: { type: 'string', description } }, required: ['city'] },
    })),
    ...(temperature === undefined ? {} : { sampling: { temperature } }),
  }));

/** An answer: reasoning first, then texts and calls in any order, one text between two calls at most. */
export const response: fc.Arbitrary<ModelResponse> = fc
  .record({
    reasoning: fc.option(text, { nil: undefined }),
    parts: fc.array(
      fc.oneof(
        text.map((words) => ({ words })),
        fc.record({ name, arguments: callArguments }),
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    ),
    inputTokens: fc.integer({ min: 50, max: 9999 }),
    outputTokens: fc.integer({ min: 50, max: 9999 }),
    cacheReadTokens: fc.integer({ min: 0, max: 40 }),
    reasoningTokens: fc.integer({ min: 0, max: 40 }),
    cut: fc.boolean(),
  })
  .map(({ reasoning, parts, cut, ...figures }) => {
    const content = parts.map(
      (part, index): Part =>
        'words' in part
          ? { type: 'text', text: part.words }
          : { type: 'tool-call', id: `call_${index}`, name: part.name, arguments: part.arguments },
    );
    const calls = content.some((part) => part.type === 'tool-call');
    return {
      id: 'answer_1',
      model: 'some-model',
      createdAt: 1_760_000_000,
      parts: [...(reasoning === undefined ? [] : [{ type: 'reasoning' as const, text: reasoning }]), ...content],
      finish: { reason: cut ? 'length' : calls ? 'tool-calls' : 'stop' },
      usage: { ...figures, provenance: 'reported' },
    };
  });

/** The events of an answer, its texts and arguments in pieces, those of neighbouring calls mixed. */
export const stream: fc.Arbitrary<{ readonly response: ModelResponse; readonly events: readonly StreamEvent[] }> = fc
  .tuple(response, fc.infiniteStream(fc.nat({ max: 6 })))
  .map(([whole, numbers]) => ({ response: whole, events: mixedEvents(whole, numbers) }));

function mixedEvents(whole: ModelResponse, numbers: Iterator<number>): StreamEvent[] {
  const next = () => (numbers.next().value as number | undefined) ?? 0;
  const queues = whole.parts.map((part, index) => pieceEvents(part, index, next));
  const events: StreamEvent[] = [{ type: 'start', id: whole.id, model: whole.model, createdAt: whole.createdAt }];
  for (const [index, queue] of queues.entries()) {
    const neighbour = queues[index + 1];
    while (queue.length > 0) {
      const event = queue.shift();
      if (event !== undefined) events.push(event);
      // The next call may begin before this one is whole.
      const mixed =
        queue.length > 0 && event?.type.startsWith('tool-call') && neighbour?.[0]?.type.startsWith('tool-call');
      if (mixed && next() > 3) events.push(...(neighbour?.splice(0, 1) ?? []));
    }
  }
  return [...events, { type: 'finish', ...whole.finish, usage: whole.usage }];
}

function pieceEvents(part: Part, index: number, next: () => number): StreamEvent[] {
  if (part.type === 'tool-call') {
    const pieces = cut(part.arguments, next).map(
      (piece): StreamEvent => ({ type: 'tool-call-delta', index, arguments: piece }),
    );
    return [{ type: 'tool-call-start', index, id: part.id, name: part.name }, ...pieces];
  }
  if (part.type !== 'text' && part.type !== 'reasoning') return [];
  const type = part.type === 'text' ? 'text-delta' : 'reasoning-delta';
  return cut(part.text, next).map((piece): StreamEvent => ({ type, index, text: piece }));
}

/** Pieces of any length, empty ones among them, never half a surrogate pair. */
function cut(whole: string, next: () => number): string[] {
  const characters = [...whole];
  const pieces: string[] = [];
  let at = 0;
  while (at < characters.length) {
    // Zero is an empty piece; not for ever.
    const length = pieces.length > 200 ? characters.length : next();
    pieces.push(characters.slice(at, at + length).join(''));
    at += length;
  }
  return pieces;
}
