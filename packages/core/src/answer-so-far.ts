import type { StreamEvent } from './stream-event.ts';

/** A tool call as far as it has come. */
export interface CallSoFar {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly kind?: 'function' | 'custom' | undefined;
  /** JSON text, perhaps only its beginning; the input itself where `kind` is `custom`. */
  readonly arguments: string;
}

/** What a stream has brought so far, for estimates and for those who go on where it breaks off. */
export interface AnswerSoFar {
  readonly text: string;
  /** The index of the text among the parts; undefined before there is one. */
  readonly textIndex: number | undefined;
  readonly reasoning: string;
  /** Set where reasoning came, be it without a word of it. */
  readonly reasoningIndex: number | undefined;
  readonly calls: readonly CallSoFar[];
  /** What came in answers beside the first: there is no going on from several. */
  readonly others: string;
  /** Characters of arguments in all calls. */
  readonly argumentsLength: number;
  /** Whether nothing came but reasoning, then one text, then calls: anything else can't be gone on from. */
  readonly plain: boolean;
}

/** Writes such a record. Parts are told apart by a key of the caller's choice; they are numbered in the order of appearance unless an index is given. */
export interface AnswerRecord extends AnswerSoFar {
  add(event: StreamEvent): void;
  addText(piece: string, key?: number, index?: number): void;
  addReasoning(piece: string, key?: number, index?: number): void;
  startCall(key: number, call: Pick<CallSoFar, 'id' | 'name' | 'kind'>, index?: number): void;
  addArguments(key: number, piece: string): void;
  hasCall(key: number): boolean;
  /** Something of another kind came, or a piece of another answer. */
  addOther(piece?: string): void;
}

type OpenCall = Omit<CallSoFar, 'arguments'> & { pieces: string[] };

/** Makes an empty record of an answer: events go in as they come, and what was answered so far can be asked for at any time. */
export function createAnswerRecord(): AnswerRecord {
  let texts: string[] = [];
  let reasonings: string[] = [];
  let others: string[] = [];
  const calls = new Map<number, OpenCall>();
  let textKey: number | undefined;
  let textIndex: number | undefined;
  let reasoningKey: number | undefined;
  let reasoningIndex: number | undefined;
  let parts = 0;
  let argumentsLength = 0;
  let plain = true;

  const record: AnswerRecord = {
    get text() {
      if (texts.length > 1) texts = [texts.join('')];
      return texts[0] ?? '';
    },
    get textIndex() {
      return textIndex;
    },
    get reasoning() {
      if (reasonings.length > 1) reasonings = [reasonings.join('')];
      return reasonings[0] ?? '';
    },
    get reasoningIndex() {
      return reasoningIndex;
    },
    get calls() {
      return [...calls.values()].map(({ pieces, ...call }) => ({ ...call, arguments: pieces.join('') }));
    },
    get others() {
      if (others.length > 1) others = [others.join('')];
      return others[0] ?? '';
    },
    get argumentsLength() {
      return argumentsLength;
    },
    get plain() {
      return plain;
    },
    addText(piece, key = 0, index = parts) {
      if (textIndex === undefined) {
        if (calls.size > 0) plain = false;
        textIndex = index;
        textKey = key;
        parts += 1;
      } else if (textKey !== key) plain = false;
      texts.push(piece);
    },
    addReasoning(piece, key = 0, index = parts) {
      if (reasoningIndex === undefined) {
        if (parts > 0) plain = false;
        reasoningIndex = index;
        reasoningKey = key;
        parts += 1;
      } else if (reasoningKey !== key || textIndex !== undefined || calls.size > 0) plain = false;
      if (piece !== '') reasonings.push(piece);
    },
    startCall(key, call, index = parts) {
      if (calls.has(key)) return;
      calls.set(key, { index, ...call, pieces: [] });
      parts += 1;
    },
    addArguments(key, piece) {
      calls.get(key)?.pieces.push(piece);
      argumentsLength += piece.length;
    },
    hasCall: (key) => calls.has(key),
    addOther(piece = '') {
      plain = false;
      if (piece !== '') others.push(piece);
    },
    add(event) {
      switch (event.type) {
        case 'text-delta':
          if (event.refusal === true) plain = false;
          record.addText(event.text, event.index, event.index);
          break;
        case 'reasoning-delta':
          record.addReasoning(event.text, event.index, event.index);
          break;
        case 'reasoning-signature':
          // Reasoning that nobody may read has a signature alone. One that comes behind the text belongs to what stood before it.
          if (reasoningIndex === undefined && parts === 0) record.addReasoning('', event.index, event.index);
          break;
        case 'tool-call-start':
          record.startCall(event.index, { id: event.id, name: event.name, kind: event.kind }, event.index);
          break;
        case 'tool-call-delta':
          record.addArguments(event.index, event.arguments);
          break;
        case 'opaque-part':
          plain = false;
          break;
        case 'other-answer':
          record.addOther(generatedText(event.event));
      }
    },
  };
  return record;
}

/** All that was generated, in one text: what tokens are estimated from. */
export function outputSoFar({ text, reasoning, calls, others }: AnswerSoFar): string {
  return reasoning + text + calls.map((call) => call.name + call.arguments).join('') + others;
}

/** What one event adds to what was generated. */
function generatedText(event: StreamEvent): string {
  switch (event.type) {
    case 'text-delta':
    case 'reasoning-delta':
      return event.text;
    case 'tool-call-start':
      return event.name;
    case 'tool-call-delta':
      return event.arguments;
    default:
      return '';
  }
}
