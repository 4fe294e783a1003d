import { entryOf, type Finish, type FinishReason } from '@signalbox/core';

/** Words of `done_reason`. Ollama itself says `stop`, `length`, `load` and `unload`; the others are what we write to callers. */
const READ: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  length: 'length',
  // Nothing was asked (no messages): the model was loaded, or put away.
  load: 'other',
  unload: 'other',
  content_filter: 'content-filter',
  refusal: 'refusal',
  pause: 'pause',
  error: 'error',
};

const WRITTEN: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'stop-sequence': 'stop',
  length: 'length',
  'context-window': 'length',
  'tool-calls': 'stop',
  // Clients pass words on that they don't know: `stop` would say that the answer is whole.
  refusal: 'refusal',
  'content-filter': 'content_filter',
  pause: 'pause',
  error: 'error',
  other: 'stop',
};

/** The reason in our words. Ollama says `stop` after tool calls too; old servers said nothing. */
export function readDoneReason(word: string | undefined, hasCalls: boolean): Finish {
  const reason = word === undefined ? 'stop' : (entryOf(READ, word) ?? 'other');
  return { reason: reason === 'stop' && hasCalls ? 'tool-calls' : reason, rawReason: word };
}

/** The reason as Ollama's clients know it. */
export function writeDoneReason(finish: Finish): string {
  const { reason, rawReason } = finish;
  if (reason === 'other' && (rawReason === 'load' || rawReason === 'unload')) return rawReason;
  return WRITTEN[reason];
}
