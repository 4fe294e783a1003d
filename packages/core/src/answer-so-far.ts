import { tokenWeight } from './estimate-tokens.ts';
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
  /** Tokens of all that was generated, estimated without putting it together. Absent: estimated from the texts. */
  outputTokens?(): number;
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
  /** Tokens of all that was generated, estimated; each character is looked at once, however often somebody asks. */
  outputTokens(): number;
}

/** Makes an empty record of an answer: events go in as they come, and what was answered so far can be asked for at any time. */
export function createAnswerRecord(): AnswerRecord {
  return new OneAnswer();
}

type OpenCall = Omit<CallSoFar, 'arguments'> & { readonly written: GrowingText };

/** A class: a stream has one or two of these, and getters of an object literal are dear (`streamObserver`). */
class OneAnswer implements AnswerRecord {
  textIndex: number | undefined;
  reasoningIndex: number | undefined;
  argumentsLength = 0;
  plain = true;
  readonly #text = new GrowingText();
  readonly #reasoning = new GrowingText();
  readonly #others = new GrowingText();
  #calls: Map<number, OpenCall> | undefined;
  #textKey: number | undefined;
  #reasoningKey: number | undefined;
  #parts = 0;

  get text(): string {
    return this.#text.whole();
  }

  get reasoning(): string {
    return this.#reasoning.whole();
  }

  get calls(): readonly CallSoFar[] {
    const calls = [...(this.#calls?.values() ?? [])];
    return calls.map(({ written, ...call }) => ({ ...call, arguments: written.whole() }));
  }

  get others(): string {
    return this.#others.whole();
  }

  addText(piece: string, key = 0, index = this.#parts): void {
    if (this.textIndex === undefined) {
      if (this.#calls !== undefined) this.plain = false;
      this.textIndex = index;
      this.#textKey = key;
      this.#parts += 1;
    } else if (this.#textKey !== key) this.plain = false;
    this.#text.add(piece);
  }

  addReasoning(piece: string, key = 0, index = this.#parts): void {
    if (this.reasoningIndex === undefined) {
      if (this.#parts > 0) this.plain = false;
      this.reasoningIndex = index;
      this.#reasoningKey = key;
      this.#parts += 1;
    } else if (this.#reasoningKey !== key || this.textIndex !== undefined || this.#calls !== undefined) {
      this.plain = false;
    }
    if (piece !== '') this.#reasoning.add(piece);
  }

  startCall(key: number, call: Pick<CallSoFar, 'id' | 'name' | 'kind'>, index = this.#parts): void {
    this.#calls ??= new Map();
    if (this.#calls.has(key)) return;
    this.#calls.set(key, { index, ...call, written: new GrowingText() });
    this.#parts += 1;
  }

  addArguments(key: number, piece: string): void {
    this.#calls?.get(key)?.written.add(piece);
    this.argumentsLength += piece.length;
  }

  hasCall(key: number): boolean {
    return this.#calls?.has(key) === true;
  }

  addOther(piece = ''): void {
    this.plain = false;
    if (piece !== '') this.#others.add(piece);
  }

  outputTokens(): number {
    let weight = this.#reasoning.weight() + this.#text.weight() + this.#others.weight();
    if (this.#calls !== undefined) {
      for (const { name, written } of this.#calls.values()) weight += tokenWeight(name) + written.weight();
    }
    return Math.ceil(weight);
  }

  add(event: StreamEvent): void {
    switch (event.type) {
      case 'text-delta':
        if (event.refusal === true) this.plain = false;
        this.addText(event.text, event.index, event.index);
        break;
      case 'reasoning-delta':
        this.addReasoning(event.text, event.index, event.index);
        break;
      case 'reasoning-signature':
        // Reasoning that nobody may read has a signature alone. One that comes behind the text belongs to what stood before it.
        if (this.reasoningIndex === undefined && this.#parts === 0) this.addReasoning('', event.index, event.index);
        break;
      case 'tool-call-start':
        this.startCall(event.index, { id: event.id, name: event.name, kind: event.kind }, event.index);
        break;
      case 'tool-call-delta':
        this.addArguments(event.index, event.arguments);
        break;
      case 'opaque-part':
        this.plain = false;
        break;
      case 'other-answer':
        this.addOther(generatedText(event.event));
    }
  }
}

/** Pieces that stand by themselves at most. */
const MOST_PIECES = 256;

/**
 * A text that is put together when somebody asks for it, and now and then: to the engine a piece of more than twelve characters is a cut of the text of the read that brought it, and keeps
 * the whole of that, several times its own length, in memory.
 */
class GrowingText {
  #pieces: string[] = [];
  /** How many of them, at the beginning, were put together of others. */
  #joined = 0;
  #length = 0;
  #weighedLength = 0;
  #weight = 0;

  add(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    if (this.#pieces.length - this.#joined < MOST_PIECES) return;
    this.#pieces.push(this.#pieces.splice(this.#joined).join(''));
    this.#joined += 1;
  }

  whole(): string {
    if (this.#pieces.length > 1) {
      this.#pieces = [this.#pieces.join('')];
      this.#joined = 1;
    }
    return this.#pieces[0] ?? '';
  }

  /** What it weighs in tokens. */
  weight(): number {
    let missing = this.#length - this.#weighedLength;
    for (let at = this.#pieces.length - 1; missing > 0; at -= 1) {
      const piece = this.#pieces[at] as string;
      const from = Math.max(0, piece.length - missing);
      this.#weight += tokenWeight(piece, from);
      missing -= piece.length - from;
    }
    this.#weighedLength = this.#length;
    return this.#weight;
  }
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
