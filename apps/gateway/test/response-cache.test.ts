import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
beforeAll(async () => {
  under = await startGateway('caching: { enabled: true, ttl: 1h }');
});
afterAll(() => under.close());
beforeEach(() => under.simulator.reset());

function post(path: string, body: object, init: RequestInit = {}): Promise<Response> {
  return fetch(`${under.gateway.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: what comes over the wire is looked into deeply
type Json = any;

const eventsOf = (text: string): readonly Json[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line) => JSON.parse(line.slice('data: '.length)));
const linesOf = (text: string): readonly Json[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const geminiText = (one: Json): string =>
  one.candidates?.[0]?.content?.parts?.map((part: Json) => part.text).join('') ?? '';

/** How one kind of caller asks and reads. */
interface CallerKind {
  readonly name: string;
  request(model: string, prompt: string, stream: boolean): readonly [path: string, body: object];
  readonly wholeText: (body: Json) => string;
  readonly streamText: (text: string) => string;
  /** What a complete stream ends in. */
  readonly end: RegExp;
  readonly model: string;
  /** A model of a provider of another format. */
  readonly foreign: string;
}

const CALLERS: readonly CallerKind[] = [
  {
    name: 'Chat Completions',
    request: (model, content, stream) => [
      '/v1/chat/completions',
      {
        model,
        stream,
        messages: [{ role: 'user', content }],
        ...(stream ? { stream_options: { include_usage: true } } : {}),
      },
    ],
    wholeText: (body) => body.choices[0].message.content,
    streamText: (text) =>
      eventsOf(text)
        .map((event) => event.choices[0]?.delta.content ?? '')
        .join(''),
    end: /"prompt_tokens":[1-9][^\n]*\n\ndata: \[DONE\]\s*$/,
    model: 'gpt-4o-mini',
    foreign: 'claude-haiku-4-5',
  },
  {
    name: 'Messages',
    request: (model, content, stream) => [
      '/v1/messages',
      { model, stream, max_tokens: 500, messages: [{ role: 'user', content }] },
    ],
    wholeText: (body) => body.content.map((block: Json) => block.text).join(''),
    streamText: (text) =>
      eventsOf(text)
        .map((event) => event.delta?.text ?? '')
        .join(''),
    end: /event: message_stop\n.*\s*$/,
    model: 'claude-haiku-4-5',
    foreign: 'gpt-4o-mini',
  },
  {
    name: 'Responses',
    request: (model, input, stream) => ['/v1/responses', { model, stream, input }],
    wholeText: (body) =>
      body.output
        .flatMap((item: Json) => item.content ?? [])
        .map((one: Json) => one.text)
        .join(''),
    streamText: (text) =>
      eventsOf(text)
        .map((event) => (event.type === 'response.output_text.delta' ? event.delta : ''))
        .join(''),
    end: /event: response\.completed\n.*\s*$/,
    model: 'gpt-5-mini',
    foreign: 'claude-haiku-4-5',
  },
  {
    name: 'Gemini',
    request: (model, text, stream) => [
      `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
      { contents: [{ role: 'user', parts: [{ text }] }] },
    ],
    wholeText: geminiText,
    streamText: (text) => eventsOf(text).map(geminiText).join(''),
    end: /"finishReason":\s*"STOP"/,
    model: 'gemini-2.5-flash',
    foreign: 'gpt-4o-mini',
  },
  {
    name: 'Ollama',
    request: (model, content, stream) => ['/api/chat', { model, stream, messages: [{ role: 'user', content }] }],
    wholeText: (body) => body.message.content,
    streamText: (text) =>
      linesOf(text)
        .map((line) => line.message.content)
        .join(''),
    end: /"done":true[^\n]*\s*$/,
    model: 'mistral:7b',
    foreign: 'claude-haiku-4-5',
  },
];

const ANSWER = 'Kept: a first sentence, and a second one. Ünïcödé 🧭 as well, and a line\nbreak.';

describe.each(CALLERS)('a caller of $name', (caller) => {
  describe.each([
    ['a provider of the same format', caller.model],
    ['a provider of another format', caller.foreign],
  ])('with %s', (_, model) => {
    test.each([
      ['a stream', true],
      ['a whole answer', false],
    ])('gets %s again, as a stream and as a whole, without a call', async (_, stream) => {
      const prompt = `${caller.name} ${model} ${stream}: say it`;
      under.simulator.script([{ behave: { text: ANSWER } }]);
      const read = async (response: Response, streamed: boolean) =>
        streamed ? caller.streamText(await response.text()) : caller.wholeText(await response.json());

      const first = await post(...caller.request(model, prompt, stream));
      expect([first.status, first.headers.get('x-signalbox-cache'), first.headers.get('age')]).toEqual([
        200,
        'miss',
        null,
      ]);
      expect(await read(first, stream)).toBe(ANSWER);

      const streamed = await post(...caller.request(model, prompt, true));
      expect(streamed.headers.get('x-signalbox-cache')).toBe('hit');
      expect(streamed.headers.get('x-signalbox-lane')).toBe('cache');
      expect(streamed.headers.get('x-signalbox-attempts')).toBe('0');
      expect(streamed.headers.get('x-signalbox-model')).toBe(model);
      expect(streamed.headers.get('age')).toMatch(/^\d+$/);
      expect(streamed.headers.get('content-type')).toContain(caller.name === 'Ollama' ? 'ndjson' : 'event-stream');
      const text = await streamed.text();
      expect(caller.streamText(text)).toBe(ANSWER);
      expect(text).toMatch(caller.end);

      const whole = await post(...caller.request(model, prompt, false));
      expect(whole.headers.get('x-signalbox-cache')).toBe('hit');
      expect(caller.wholeText(await whole.json())).toBe(ANSWER);
      expect(under.simulator.requests).toHaveLength(1);
    });
  });

  it('gets a tool call again, with its arguments', async () => {
    const prompt = `[[simulate: toolCall=look {"where":"over there, behind the 🧭"}]] ${caller.name}`;
    const [path, body] = caller.request(caller.model, prompt, false);
    const schema = { type: 'object', properties: { where: { type: 'string' } } };
    const tools: Readonly<Record<string, object>> = {
      'Chat Completions': { tools: [{ type: 'function', function: { name: 'look', parameters: schema } }] },
      Messages: { tools: [{ name: 'look', input_schema: schema }] },
      Responses: { tools: [{ type: 'function', name: 'look', parameters: schema, strict: false }] },
      Gemini: { tools: [{ functionDeclarations: [{ name: 'look', parameters: schema }] }] },
      Ollama: { tools: [{ type: 'function', function: { name: 'look', parameters: schema } }] },
    };
    const ask = async () => {
      const response = await post(path, { ...body, ...tools[caller.name] });
      return [response.headers.get('x-signalbox-cache'), await response.text()] as const;
    };
    const [, first] = await ask();
    const [status, second] = await ask();
    expect(status).toBe('hit');
    for (const text of [first, second]) {
      expect(text).toContain('look');
      expect(text).toContain('over there, behind the 🧭');
    }
    expect(under.simulator.requests).toHaveLength(1);
  });
});

describe('a kept answer', () => {
  const [chat] = CALLERS as [CallerKind];
  const ask = (prompt: string, init: RequestInit = {}, stream = false) =>
    post(...chat.request('gpt-4o-mini', prompt, stream), init);
  const status = async (response: Response) => {
    await response.text();
    return response.headers.get('x-signalbox-cache');
  };

  it('goes to a caller of another format, in that caller’s words', async () => {
    under.simulator.script([{ behave: { text: ANSWER } }]);
    await status(await ask('across formats'));
    const gemini = CALLERS[3] as CallerKind;
    const answer = await post(...gemini.request('gpt-4o-mini', 'across formats', true));
    expect(answer.headers.get('x-signalbox-cache')).toBe('hit');
    expect(gemini.streamText(await answer.text())).toBe(ANSWER);
  });

  it('is booked at no cost, with what it saved', async () => {
    under.simulator.script([{ behave: { inputTokens: 1000, outputTokens: 100 } }]);
    await status(await ask('booked'));
    await status(await ask('booked'));
    const [paid, saved] = under.rows.slice(-2).map((row) => row.attempt);
    expect(paid?.cost?.nanoUsd).toBeGreaterThan(0);
    expect(saved).toMatchObject({ cause: 'cache', lane: 'cache', cost: { nanoUsd: 0 }, saved: paid?.cost });
  });

  it.each([
    ['error', 'status=500'],
    ['cut', 'words=40; cut=10'],
    ['error after some words', 'words=40; errorEvent=10'],
    ['garbled event', 'words=40; malformed=10'],
    ['end without a finish', 'words=40; noFinish; noDone; noUsage'],
    ['refusal', 'finish=refusal'],
    ['filtered answer', 'finish=content-filter'],
  ])('is never made of an %s', async (name, fault) => {
    // Ollama has no word for a refusal: what comes is an answer like any other.
    const callers = CALLERS.filter((one) => one.name !== 'Ollama' || !fault.startsWith('finish='));
    // A whole body is whole, whether it names its end or not.
    const ways = fault.includes('noFinish') ? [true] : [true, false];
    for (const caller of callers) {
      for (const stream of ways) {
        const prompt = `[[simulate: ${fault}]] ${name} ${caller.name} ${stream}`;
        const results = [];
        for (const _ of [1, 2]) {
          const response = await post(...caller.request(caller.model, prompt, stream));
          results.push(await status(response));
        }
        // Answered or not, whole or not: the second one was asked anew.
        expect(results, `${caller.name} ${stream}`).not.toContain('hit');
      }
    }
  });

  it('is not given to who asks for a new one, who keeps the new one for others', async () => {
    const text = async (upstream: string, headers: Record<string, string> = {}) => {
      under.simulator.script([{ behave: { text: upstream } }]);
      return chat.wholeText(await (await ask('anew', { headers })).json());
    };
    expect(await text('first')).toBe('first');
    expect(await text('second')).toBe('first');
    expect(await text('third', { 'cache-control': 'no-cache' })).toBe('third');
    expect(await text('fourth')).toBe('third');
    expect(await text('fifth', { 'cache-control': 'private, max-age=0' })).toBe('fifth');
    expect(await text('sixth', { 'cache-control': 'max-age=600' })).toBe('fifth');
  });

  it('is neither given nor made where the caller says no-store', async () => {
    const headers = { 'cache-control': 'no-store' };
    const response = await ask('private', { headers });
    expect(response.headers.get('x-signalbox-cache-reason')).toBe('the caller wants no cache');
    expect(await status(response)).toBe('bypass');
    expect(await status(await ask('private'))).toBe('miss');
    expect(await status(await ask('private', { headers }))).toBe('bypass');
    expect(under.simulator.requests).toHaveLength(3);
  });

  it('belongs to its tenant', async () => {
    const { router } = under.ready;
    const of = async (tenant: string) => {
      const request = {
        model: 'gpt-4o-mini',
        system: [],
        messages: [{ role: 'user', parts: [{ type: 'text', text: 'tenants' }] }],
      } as const;
      return (await router.generate(request, { caller: { tenant } })).cache?.status;
    };
    expect(await of('a')).toBe('miss');
    expect(await of('b')).toBe('miss');
    expect([await of('a'), await of('b')]).toEqual(['hit', 'hit']);
  });

  it('is not made where a tool runs at the provider, nor where the provider keeps state', async () => {
    const search = { model: 'claude-haiku-4-5', max_tokens: 50, messages: [{ role: 'user', content: 'news' }] };
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    expect(await status(await post('/v1/messages', { ...search, tools }))).toBe('bypass');
    expect(await status(await post('/v1/responses', { model: 'gpt-5-mini', input: 'hi', store: true }))).toBe('bypass');
  });

  it('has what log probabilities it came with', async () => {
    const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'probable' }], logprobs: true };
    const first = (await (await post('/v1/chat/completions', body)).json()) as Json;
    const second = (await (await post('/v1/chat/completions', body)).json()) as Json;
    expect(second.choices[0].logprobs).toEqual(first.choices[0].logprobs);
    expect(under.simulator.requests).toHaveLength(1);
  });
});

describe('many who ask the same at once', () => {
  it('make one call, streamed or not', async () => {
    under.simulator.script([{ behave: { text: ANSWER, interval: 5 } }]);
    const [chat] = CALLERS as [CallerKind];
    const before = under.rows.length;
    const texts = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const stream = index % 2 === 0;
        const response = await post(...chat.request('gpt-4o-mini', 'all at once', stream));
        return stream ? chat.streamText(await response.text()) : chat.wholeText(await response.json());
      }),
    );
    expect(new Set(texts)).toEqual(new Set([ANSWER]));
    expect(under.simulator.requests).toHaveLength(1);
    await expect.poll(() => under.rows.length - before).toBe(40);
    const lanes = under.rows.slice(before).map((row) => row.attempt.lane);
    expect(lanes.filter((lane) => lane === 'cache')).toHaveLength(39);
  });

  it('lose nothing when the one who asked hangs up: another takes over', async () => {
    const [chat] = CALLERS as [CallerKind];
    under.simulator.script([{ when: { nth: 1 }, behave: { words: 40, stall: 5 } }, { behave: { text: ANSWER } }]);
    const controller = new AbortController();
    const first = await post(...chat.request('gpt-4o-mini', 'hang up', true), { signal: controller.signal });
    await first.body?.getReader().read();
    const others = [true, false, true].map(async (stream) => {
      const response = await post(...chat.request('gpt-4o-mini', 'hang up', stream));
      return stream ? chat.streamText(await response.text()) : chat.wholeText(await response.json());
    });
    // They are at the gateway: one that came too late would find nobody in flight, and the count below would be the same.
    controller.abort();
    expect(await Promise.all(others)).toEqual([ANSWER, ANSWER, ANSWER]);
    expect(under.simulator.requests).toHaveLength(2);
  });

  it('lose nothing when the call fails', async () => {
    const [chat] = CALLERS as [CallerKind];
    under.simulator.script([
      { when: { nth: 1 }, behave: { status: 500, latency: 50 } },
      { behave: { text: ANSWER, latency: 50 } },
    ]);
    const statuses = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const response = await post(...chat.request('gpt-4o-mini', 'fails', false));
        await response.text();
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    expect(under.simulator.requests).toHaveLength(2);
  });
});
