import { describe, expect, it } from 'vitest';
import { type JsonObject, responseEvents } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { decodeFrames, encodeEvents, fold, framesOf, serverContext } from '../wire-pack/stream.ts';

const format = (id: string) => {
  const found = FORMATS.find((one) => one.format.id === id);
  if (found === undefined) throw new Error(`there is no format ${id}`);
  return found.format;
};
const context = { model: 'm', stream: false, provider: 'p', quirks: {} };
const others = (id: string) => FORMATS.map((one) => one.format.id).filter((one) => one !== id);

const SEARCH_RESULT = {
  type: 'search_result',
  source: 'https://example.org/rome',
  title: 'Rome',
  content: [{ type: 'text', text: 'It rains there.' }],
};
const DOCUMENT = {
  type: 'document',
  title: 'Notes',
  source: {
    type: 'content',
    content: [
      { type: 'text', text: 'One.' },
      { type: 'text', text: 'Two.' },
    ],
  },
};

describe('blocks with words that only Anthropic has', () => {
  const asked = (content: readonly object[]) =>
    format('anthropic-messages').server.decodeRequest(
      {
        model: 'm',
        max_tokens: 9,
        messages: [{ role: 'user', content: [...content, { type: 'text', text: 'Rain?' }] }],
      },
      '/v1/messages',
    );

  it.each(others('anthropic-messages'))('are said in plain text to %s, and reported', (to) => {
    const { body, notes } = format(to).client.encodeRequest(asked([SEARCH_RESULT, DOCUMENT]), context);
    const sent = JSON.stringify(body);
    for (const words of ['It rains there.', 'https://example.org/rome', 'One.', 'Two.']) expect(sent).toContain(words);
    expect(notes.filter(({ action }) => action === 'dropped').map(({ field }) => field)).toEqual(
      to === 'gemini' ? ['messages[0].parts[1].title'] : [],
    );
    for (const place of [0, 1]) {
      expect(notes).toContainEqual(
        expect.objectContaining({ field: `messages[0].parts[${place}]`, action: 'approximated' }),
      );
    }
  });

  it.each(others('anthropic-messages'))('are said to %s in the result of a tool too', (to) => {
    const request = format('anthropic-messages').server.decodeRequest(
      {
        model: 'm',
        max_tokens: 9,
        messages: [
          { role: 'user', content: 'Rain?' },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'find', input: {} }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: [SEARCH_RESULT] }] },
        ],
      },
      '/v1/messages',
    );
    expect(JSON.stringify(format(to).client.encodeRequest(request, context).body)).toContain('It rains there.');
  });

  it('go back to Anthropic as they came', () => {
    const { body, notes } = format('anthropic-messages').client.encodeRequest(
      asked([SEARCH_RESULT, DOCUMENT]),
      context,
    );
    const rain = { type: 'text', text: 'Rain?' };
    expect(body.messages).toEqual([{ role: 'user', content: [SEARCH_RESULT, DOCUMENT, rain] }]);
    expect(notes).toEqual([]);
  });
});

/** An answer in a format, as a caller of another gets it, whole and streamed. */
function told(from: string, body: JsonObject, to: string) {
  const response = format(from).client.decodeResponse(body, { provider: 'p' });
  const whole: unknown = JSON.parse(JSON.stringify(format(to).server.encodeResponse(response, serverContext())));
  const stream = encodeEvents(format(to), responseEvents(response));
  const { events } = decodeFrames(format(to), framesOf(format(to), stream), 'p');
  return [format(to).client.decodeResponse(whole, { provider: 'p' }), fold(events)];
}

describe('a spoken answer of Chat Completions', () => {
  const message = { role: 'assistant', content: null, audio: { id: 'a', data: 'AA==', transcript: 'It rains.' } };
  const spoken = { id: 'c', choices: [{ index: 0, message, finish_reason: 'stop' }] };

  it.each(others('openai-chat'))('is its words for a caller of %s', (to) => {
    for (const { parts } of told('openai-chat', spoken, to)) {
      expect(parts).toMatchObject([{ type: 'text', text: 'It rains.' }]);
    }
  });
});

describe('a picture that a tool of the Responses API made', () => {
  const item = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'iVBORw0KGgo=' };
  const drawn = { id: 'r', object: 'response', status: 'completed', output: [item] };

  it.each(['openai-chat', 'gemini', 'ollama-chat'])('is one for a caller of %s', (to) => {
    for (const response of told('openai-responses', drawn, to)) {
      expect(JSON.stringify(response)).toContain('iVBORw0KGgo=');
    }
  });

  it('is an item as it came for a caller of its own format', () => {
    const response = format('openai-responses').client.decodeResponse(drawn, { provider: 'p' });
    expect(format('openai-responses').server.encodeResponse(response, serverContext()).output).toEqual([item]);
  });
});
