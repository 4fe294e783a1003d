import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway(
    '',
    (url) => `
  one: { type: openai-responses, endpoint: "${url}/one/v1", api_keys: [a, b, c], models: [gpt-5-mini] }
  two: { type: openai-responses, endpoint: "${url}/two/v1", api_key: k, models: [gpt-5] }`,
  );
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

interface Item {
  readonly type: string;
  readonly id: string;
  readonly encrypted_content?: string;
}

interface Answer {
  readonly id: string;
  readonly output: readonly Item[];
}

const question = { role: 'user', content: 'How far is the moon?' };
const asks = {
  model: 'gpt-5-mini',
  input: [question],
  store: false,
  reasoning: { effort: 'low' },
  include: ['reasoning.encrypted_content'],
};

async function post(body: object) {
  const answer = await fetch(`${under.gateway.url}/v1/responses`, { method: 'POST', body: JSON.stringify(body) });
  const text = await answer.text();
  const whole = text.startsWith('{') ? text : lastData(text);
  return { status: answer.status, headers: answer.headers, body: JSON.parse(whole) as Answer };
}

/** The response in the event that ends a stream. */
function lastData(text: string): string {
  const data = text.split('\n').filter((line) => line.startsWith('data: '));
  return JSON.stringify((JSON.parse(data.at(-1)?.slice(6) ?? '{}') as { response: object }).response);
}

const lastSent = () => under.simulator.requests.at(-1);
const keyOfLast = () => under.rows.at(-1)?.attempt.providerKey;

describe.each([false, true])('what a provider of the Responses API keeps (stream: %s)', (stream) => {
  it('is encrypted reasoning that goes back to its issuer to the letter, and to nobody else', async () => {
    const { body } = await post({ ...asks, stream });
    const [thought] = body.output;
    expect(thought).toMatchObject({ type: 'reasoning', encrypted_content: expect.stringMatching(/./) });
    const input = [question, ...body.output, { role: 'user', content: 'And the sun?' }];

    const back = await post({ ...asks, input, stream });
    expect([back.status, back.headers.get('x-signalbox-lane')]).toEqual([200, 'bytes']);
    expect(JSON.stringify(lastSent()?.body)).toContain(thought?.encrypted_content);

    const elsewhere = await post({ ...asks, model: 'gpt-5', input, stream });
    expect([elsewhere.status, elsewhere.headers.get('x-signalbox-lane')]).toEqual([200, 'canonical']);
    expect(lastSent()?.path).toContain('/two/');
    const sent = JSON.stringify(lastSent()?.body);
    expect(sent).not.toContain(thought?.encrypted_content);
    expect(sent).not.toContain(thought?.id);
    expect(sent).toContain('And the sun?');
  });

  it('is an item that a reference names: the request goes there, or is refused in a sentence', async () => {
    const { body } = await post({ ...asks, store: true, stream });
    const input = [{ type: 'item_reference', id: body.output.at(-1)?.id }, question];
    const found = await post({ ...asks, model: 'auto', input, stream });
    expect([found.status, found.headers.get('x-signalbox-provider')]).toEqual([200, 'one']);
    const refused = await post({ model: 'gpt-5', input });
    expect(refused).toMatchObject({
      status: 400,
      body: {
        error: { param: 'input.item_reference', message: expect.stringMatching(/what one keeps.*conversation itself/) },
      },
    });
  });

  it('is gone on from with the key that it was given to', async () => {
    const { body } = await post({ ...asks, store: true, stream });
    const key = keyOfLast();
    for (const turn of [1, 2, 3, 4]) {
      const next = { model: 'gpt-5-mini', input: `And ${turn}?`, previous_response_id: body.id, stream };
      expect((await post(next)).status).toBe(200);
      expect(keyOfLast()).toBe(key);
    }
    await post({ ...asks, stream });
    await post({ ...asks, stream });
    expect(new Set(under.rows.map(({ attempt }) => attempt.providerKey)).size).toBeGreaterThan(1);
  });
});

it('a key that is refused is not insisted on', async () => {
  const { body } = await post({ ...asks, store: true });
  const key = keyOfLast() ?? '';
  const names = { 'key-1': 'a', 'key-2': 'b', 'key-3': 'c' };
  under.simulator.script([{ when: { key: names[key as keyof typeof names] }, behave: 'error=invalid_api_key' }]);
  const next = await post({ model: 'gpt-5-mini', input: 'And?', previous_response_id: body.id });
  expect(next.status).toBe(200);
  expect(keyOfLast()).not.toBe(key);
});
