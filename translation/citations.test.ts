import { describe, expect, it } from 'vitest';
import { type JsonObject, type ModelResponse, responseEvents, type StreamEvent } from '../packages/core/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { decodeFrames, encodeEvents, fold, framesOf, serverContext } from '../wire-pack/stream.ts';

const PAGE = { url: 'https://example.org/rome', title: 'Rome' };
const TEXT = 'It rains in Rome.';
const answer = (start: number | undefined, end: number | undefined): ModelResponse => ({
  id: 'answer_1',
  model: 'some-model',
  parts: [
    { type: 'text', text: 'Well. ' },
    { type: 'text', text: TEXT, citations: [{ ...PAGE, start, end }] },
  ],
  finish: { reason: 'stop' },
});
const pages = ({ parts }: ModelResponse) =>
  parts
    .flatMap((part) => (part.type === 'text' ? (part.citations ?? []) : []))
    .map(({ url, title }) => ({ url, title }));

/** Ollama has no word for a page. */
const telling = FORMATS.filter(({ answerLimits }) => !answerLimits.some(({ what }) => what === 'citations'));
const format = (id: string) => {
  const found = FORMATS.find((one) => one.format.id === id);
  if (found === undefined) throw new Error(`there is no format ${id}`);
  return found.format;
};

describe.each(telling.map((one) => [one.format.id, one] as const))(
  'pages that a search found, for a caller of %s',
  (_, to) => {
    it('are named in a whole answer and in a stream', () => {
      const whole = answer(12, 16);
      const body: unknown = JSON.parse(JSON.stringify(to.format.server.encodeResponse(whole, serverContext())));
      expect(pages(to.format.client.decodeResponse(body, { provider: 'p' }))).toEqual([PAGE]);
      const text = encodeEvents(to.format, responseEvents(whole));
      const { events } = decodeFrames(to.format, framesOf(to.format, new TextEncoder().encode(text)), 'p');
      expect(pages(fold(events))).toEqual([PAGE]);
    });

    it('are named where they come before the text, as Anthropic has them', () => {
      const events: StreamEvent[] = [
        { type: 'start', id: 'answer_1', model: 'some-model' },
        { type: 'text-extension', index: 0, extensions: {}, citations: [PAGE] },
        { type: 'text-delta', index: 0, text: TEXT },
        { type: 'finish', reason: 'stop' },
      ];
      const text = encodeEvents(to.format, events);
      const read = decodeFrames(to.format, framesOf(to.format, new TextEncoder().encode(text)), 'p');
      expect(pages(fold(read.events))).toEqual([PAGE]);
    });
  },
);

describe('what a page bears out', () => {
  const annotationsOf = (id: string, response: ModelResponse) => {
    const body = format(id).server.encodeResponse(response, serverContext()) as JsonObject & {
      choices?: { message: { annotations: { url_citation: JsonObject }[] } }[];
      output?: { content: { annotations: JsonObject[] }[] }[];
    };
    const chat = body.choices?.[0]?.message.annotations.map((annotation) => annotation.url_citation);
    return chat ?? body.output?.flatMap(({ content }) => content.flatMap(({ annotations }) => annotations));
  };

  it('counts from the beginning of a message in Chat Completions, and of a text in Responses', () => {
    expect(annotationsOf('openai-chat', answer(12, 16))).toEqual([{ ...PAGE, start_index: 18, end_index: 22 }]);
    expect(annotationsOf('openai-responses', answer(12, 16))).toMatchObject([{ start_index: 12, end_index: 16 }]);
  });

  it('is all of the text where nobody says', () => {
    const whole = answer(undefined, undefined);
    expect(annotationsOf('openai-chat', whole)).toEqual([{ ...PAGE, start_index: 6, end_index: 6 + TEXT.length }]);
  });
});

describe('the words that a page bears out, in a stream', () => {
  const WIDE = 'Größe 🙂: it rains in Rome.';
  const start = WIDE.indexOf('Rome');
  const said = (response: ModelResponse) => {
    const text = response.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
    let begin = 0;
    const words: (string | undefined)[] = [];
    for (const part of response.parts) {
      if (part.type !== 'text') continue;
      for (const { start: from, end } of part.citations ?? []) {
        words.push(from === undefined ? undefined : text.slice(begin + from, begin + (end ?? 0)));
      }
      begin += part.text.length;
    }
    return words;
  };
  const whole: ModelResponse = {
    id: 'answer_1',
    model: 'some-model',
    parts: [
      { type: 'text', text: 'Well… 🙂 ' },
      { type: 'text', text: WIDE, citations: [{ ...PAGE, start, end: start + 4 }] },
    ],
    finish: { reason: 'stop' },
  };
  const read = (id: string, events: Iterable<StreamEvent>) =>
    fold(decodeFrames(format(id), framesOf(format(id), encodeEvents(format(id), events)), 'p').events);
  const ranged = ['openai-chat', 'openai-responses', 'gemini'];

  it.each(ranged)('are the same words in %s, in a stream and whole', (id) => {
    expect(said(read(id, responseEvents(whole)))).toEqual(['Rome']);
    const body: unknown = JSON.parse(JSON.stringify(format(id).server.encodeResponse(whole, serverContext())));
    expect(said(format(id).client.decodeResponse(body, { provider: 'p' }))).toEqual(['Rome']);
  });

  it.each(ranged)('are all of the text where nobody says, in %s, also where the page comes before its text', (id) => {
    const page: StreamEvent = { type: 'text-extension', index: 1, extensions: {}, citations: [PAGE] };
    const told = [...responseEvents(whole)].filter((event) => event.type !== 'text-extension');
    const [begin, first, second, end] = told;
    for (const events of [
      [begin, first, page, second, end],
      [begin, first, second, page, end],
    ]) {
      expect(
        said(
          read(
            id,
            events.filter((event) => event !== undefined),
          ),
        ),
      ).toEqual([WIDE]);
    }
  });

  it('are counted in bytes of UTF-8 by Google', () => {
    const { candidates } = format('gemini').server.encodeResponse(whole, serverContext()) as {
      candidates: {
        groundingMetadata: { groundingSupports: { segment: { startIndex: number; endIndex: number } }[] };
      }[];
    } & JsonObject;
    const [support] = candidates[0]?.groundingMetadata.groundingSupports ?? [];
    const bytes = Buffer.from(`Well… 🙂 ${WIDE}`);
    expect(bytes.subarray(support?.segment.startIndex, support?.segment.endIndex).toString()).toBe('Rome');
  });

  it('keep a page that bears out no words in particular', () => {
    const page = { web: { uri: PAGE.url, title: PAGE.title } };
    const candidate = { content: { parts: [{ text: WIDE }] }, finishReason: 'STOP' };
    const body = { candidates: [{ ...candidate, groundingMetadata: { groundingChunks: [page] } }] };
    const { parts } = format('gemini').client.decodeResponse(body, { provider: 'p' });
    expect(parts).toMatchObject([{ text: WIDE, citations: [PAGE] }]);
  });
});

describe('pages that a caller of Anthropic’s format sends back', () => {
  it('go back to Anthropic only if they are its own', () => {
    const { server, client } = format('anthropic-messages');
    const [, block] = (server.encodeResponse(answer(12, 16), serverContext()).content ?? []) as JsonObject[];
    expect(block?.citations).toMatchObject([{ type: 'web_search_result_location', url: PAGE.url }]);
    const theirs = { type: 'web_search_result_location', url: 'https://example.org', title: null, cited_text: '' };
    const own = { ...theirs, encrypted_index: 'c2VjcmV0' };
    const messages = [
      { role: 'user', content: 'Rome?' },
      { role: 'assistant', content: [block, { type: 'text', text: 'Or so.', citations: [own] }] },
      { role: 'user', content: 'And?' },
    ];
    const request = server.decodeRequest({ model: 'm', max_tokens: 9, messages }, '/v1/messages');
    const context = { model: 'm', stream: false, provider: 'anthropic', quirks: {} };
    const { body } = client.encodeRequest(request, context);
    const sent = JSON.stringify(body);
    expect(sent).toContain('c2VjcmV0');
    expect(sent).not.toContain('example.org/rome');
  });
});
