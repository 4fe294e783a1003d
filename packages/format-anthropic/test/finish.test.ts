import type { Finish, FinishReason, JsonObject, Part } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../src/index.ts';

const { client, server } = anthropicMessages;
const usage = { input_tokens: 1, output_tokens: 1 };
const TOOL: JsonObject = { type: 'tool_use', id: 'toolu_1', name: 'look', input: {} };

/** The end of an answer of Anthropic's that says these fields. */
function read(fields: JsonObject, content: JsonObject[] = [{ type: 'text', text: 'a' }]): Finish {
  const body = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content, usage, ...fields };
  return client.decodeResponse(body, { provider: 'anthropic' }).finish;
}

/** What a caller is told of the end of an answer. */
function written(finish: Finish, parts: readonly Part[] = [{ type: 'text', text: 'a' }]): JsonObject {
  const response = { parts, finish, usage: { inputTokens: 1, outputTokens: 1, provenance: 'reported' as const } };
  const context = { model: 'm', createId: () => 'made', now: () => 0 };
  const { stop_reason, stop_sequence, stop_details } = server.encodeResponse(response, context) as JsonObject;
  return stop_details == null ? { stop_reason, stop_sequence } : { stop_reason, stop_sequence, stop_details };
}

describe("the end of an answer, in Anthropic's words and ours", () => {
  it.each<[string, FinishReason]>([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop-sequence'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'context-window'],
    ['tool_use', 'tool-calls'],
    ['refusal', 'refusal'],
    ['pause_turn', 'pause'],
    ['compaction', 'pause'],
    ['something_new', 'other'],
  ])('%s is %s', (word, reason) => expect(read({ stop_reason: word })).toEqual({ reason, rawReason: word }));

  it.each<[FinishReason, string]>([
    ['stop', 'end_turn'],
    ['stop-sequence', 'stop_sequence'],
    ['length', 'max_tokens'],
    ['context-window', 'model_context_window_exceeded'],
    ['tool-calls', 'tool_use'],
    ['refusal', 'refusal'],
    ['pause', 'pause_turn'],
    ['other', 'end_turn'],
  ])('%s is written %s', (reason, word) =>
    expect(written({ reason })).toEqual({ stop_reason: word, stop_sequence: null }),
  );

  it('is a call of a tool where the content is one, whatever the word says', () => {
    expect(read({ stop_reason: 'end_turn' }, [TOOL])).toEqual({ reason: 'tool-calls', rawReason: 'end_turn' });
    expect(read({ stop_reason: 'max_tokens' }, [TOOL]).reason).toBe('length');
    const call: Part = { type: 'tool-call', id: 'toolu_1', name: 'look', arguments: '{}' };
    expect(written({ reason: 'stop' }, [call]).stop_reason).toBe('tool_use');
    expect(written({ reason: 'length' }, [call]).stop_reason).toBe('max_tokens');
  });

  it('is unknown where nothing is said of it', () => expect(read({ stop_reason: null })).toEqual({ reason: 'other' }));

  it("keeps a word of Anthropic's own where it means the same, and no other's", () => {
    expect(written({ reason: 'pause', rawReason: 'compaction' }).stop_reason).toBe('compaction');
    expect(written({ reason: 'stop', rawReason: 'max_tokens' }).stop_reason).toBe('end_turn');
    expect(written({ reason: 'length', rawReason: 'MAX_TOKENS' }).stop_reason).toBe('max_tokens');
  });

  it('names the stop sequence, and what was said of a refusal', () => {
    expect(read({ stop_reason: 'stop_sequence', stop_sequence: 'END' }).stopSequence).toBe('END');
    expect(written({ reason: 'stop-sequence', stopSequence: 'END' }).stop_sequence).toBe('END');
    const said = (stop_details: JsonObject) => read({ stop_reason: 'refusal', stop_details }).detail;
    expect(said({ type: 'refusal', category: 'cyber', explanation: 'Not that.' })).toBe('Not that.');
    expect(said({ type: 'refusal', category: 'cyber', explanation: null })).toBe('cyber');
    expect(read({ stop_reason: 'refusal', stop_details: null })).not.toHaveProperty('detail');
  });

  it.each<[Finish, string]>([
    [{ reason: 'refusal', detail: 'Not that.' }, 'Not that.'],
    [{ reason: 'error' }, "The model's answer failed."],
    [{ reason: 'error', rawReason: 'MALFORMED' }, "The model's answer failed (MALFORMED)."],
    [{ reason: 'content-filter' }, 'The provider filtered the answer.'],
    [{ reason: 'content-filter', rawReason: 'SAFETY' }, 'The provider filtered the answer (SAFETY).'],
  ])('%j is a refusal that says why: %s', (finish, explanation) => {
    expect(written(finish)).toEqual({
      stop_reason: 'refusal',
      stop_sequence: null,
      stop_details: { type: 'refusal', category: null, explanation },
    });
  });

  it('says nothing of why where it is no refusal', () =>
    expect(written({ reason: 'length', detail: 'long' })).toEqual({ stop_reason: 'max_tokens', stop_sequence: null }));
});
