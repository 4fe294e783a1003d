import { expect, it } from 'vitest';
import { vendorBurst } from '../bench/vendor-bursts.ts';
import { createResponseFold, type ModelRequest, type Provider, responseText } from '../packages/core/src/index.ts';
import { openaiResponses } from '../packages/format-openai/src/index.ts';
import { createRouter } from '../packages/router/src/index.ts';
import { FORMATS } from '../wire-pack/formats.ts';
import { encodeEvents, fold, framesOf } from '../wire-pack/stream.ts';

const body = vendorBurst(openaiResponses, 60);
const STOP = 'which route';

/** The Responses API, whose stream brings a frame a read. */
function provider(): Provider & { read: number } {
  const frames = framesOf(openaiResponses, body);
  const one: Provider & { read: number } = {
    ...{ contract: 1, id: 'openai', format: openaiResponses, quirks: {}, forwards: true, read: 0 },
    models: [{ id: 'm', provider: 'openai', name: 'm', type: 'chat', status: 'active', capabilities: {}, prices: [] }],
    ...{ local: false, simulated: false, close: () => Promise.resolve() },
    send: () =>
      Promise.resolve({
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        async *frames() {
          for (const frame of frames) {
            one.read += 1;
            yield [frame];
          }
        },
        bytes: () => Promise.reject(new Error('the answer is a stream')),
        discard: () => undefined,
      }),
  };
  return one;
}

it.each(FORMATS.map(({ format }) => [format.id, format] as const))(
  'a stop sequence ends an answer of the Responses API for a caller of %s',
  async (_id, format) => {
    const request: ModelRequest = {
      system: [],
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'What is a signal box?' }] }],
      stopSequences: [STOP],
    };
    const whole = createResponseFold();
    const plain = await createRouter({ providers: [provider()] }).stream({ ...request, stopSequences: undefined });
    for await (const event of plain.events) whole.add(event);
    const text = responseText(whole.response());
    expect(text).toContain(STOP);

    const upstream = provider();
    const { events, notes } = await createRouter({ providers: [upstream] }).stream(request);
    const told = [];
    for await (const event of events) told.push(event);
    expect(notes).toMatchObject([{ field: 'stopSequences', action: 'approximated' }]);
    expect(upstream.read).toBeLessThan(framesOf(openaiResponses, body).length);

    const decoder = format.client.createStreamDecoder({ provider: 'openai' });
    const read = framesOf(format, encodeEvents(format, told)).flatMap((frame) => [...decoder.decode(frame)]);
    const answer = fold([...read, ...decoder.end()]);
    expect(responseText(answer)).toBe(text.slice(0, text.indexOf(STOP)));
    const names = format.id === 'anthropic-messages';
    expect(answer.finish).toMatchObject(names ? { reason: 'stop-sequence', stopSequence: STOP } : { reason: 'stop' });
  },
);
