import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../packages/simulator/src/index.ts';
import { simulatedVendors } from '../simulated-vendors.ts';
import { examplesFolder, type RunningExample, serveExample } from './run-example.ts';

interface PageEvent {
  readonly event: string;
  readonly data: unknown;
}

// The page's own reader: plain JavaScript, as a browser gets it.
const { readEvents }: { readEvents(body: ReadableStream<Uint8Array>): AsyncIterable<PageEvent> } = await import(
  `${examplesFolder}browser-stream/public/read-events.js`
);

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

/** The example under a name, for the tests of one `describe`; it must end by itself when it is asked to. */
function served(name: string): () => string {
  let running: RunningExample;
  beforeAll(async () => {
    running = await serveExample(name, simulatedVendors(simulator.url));
  });
  afterAll(async () => {
    expect(await running.stop()).toBe(0);
  });
  return () => running.url;
}

const json = (body: unknown, signal?: AbortSignal) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  ...(signal === undefined ? {} : { signal }),
});

describe('hono-gateway', () => {
  const url = served('hono-gateway');
  const chat = (path: string, model: string, stream = false) =>
    fetch(
      `${url()}${path}`,
      json({ model, stream, max_tokens: 50, messages: [{ role: 'user', content: '[[simulate: text=hello]]' }] }),
    );

  it('still is the app it was', async () => {
    const answer = await fetch(url());
    expect(await answer.text()).toBe('The shop is open.');
    expect(answer.headers.get('x-served-by')).toBe('shop');
  });

  it('answers every API below /llm, with the middleware of the app around it', async () => {
    const openai = await chat('/llm/v1/chat/completions', 'claude-sonnet-4-5');
    expect(await openai.json()).toMatchObject({ choices: [{ message: { content: 'hello' } }] });
    expect(openai.headers.get('x-served-by')).toBe('shop');
    expect(openai.headers.get('x-signalbox-provider')).toBe('anthropic');
    const anthropic = await chat('/llm/v1/messages', 'gpt-4o-mini');
    expect(await anthropic.json()).toMatchObject({ content: [{ type: 'text', text: 'hello' }] });
    const models = (await (await fetch(`${url()}/llm/v1/models`)).json()) as { data: unknown[] };
    expect(models.data.length).toBeGreaterThan(5);
  });

  it('streams, and says errors in the protocol of the caller', async () => {
    const stream = await chat('/llm/v1/chat/completions', 'claude-sonnet-4-5', true);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(await stream.text()).toMatch(/"content":"hello"[\s\S]*data: \[DONE\]\s*$/);
    const unknown = await chat('/llm/v1/chat/completions', 'no-such-model');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ error: { message: expect.stringContaining('no-such-model') } });
  });
});

describe('express', () => {
  const url = served('express');
  const ask = (body: unknown, signal?: AbortSignal) => fetch(`${url()}/ask`, json(body, signal));

  it('answers with the text, who gave it and what it cost', async () => {
    const answer = await ask({ prompt: '[[simulate: text=hello]]', model: 'gpt-4o-mini' });
    expect(await answer.json()).toEqual({
      text: 'hello',
      model: 'openai/gpt-4o-mini',
      attempts: 1,
      cost: expect.stringMatching(/^\$0\.\d+$/),
    });
  });

  it('says in a sentence what is wrong', async () => {
    expect((await ask({})).status).toBe(400);
    const unknown = await ask({ prompt: 'Hello', model: 'no-such-model' });
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({
      kind: 'unknown-model',
      error: expect.stringContaining('no-such-model'),
    });
  });

  it('gives a call up when the caller hangs up', async () => {
    const caller = new AbortController();
    const arrival = simulator.nextRequest();
    const asking = ask({ prompt: '[[simulate: silent]]', model: 'gpt-4o-mini' }, caller.signal);
    const received = await arrival;
    caller.abort();
    await expect(asking).rejects.toThrow();
    await received.done;
    expect(received.aborted).toBe(true);
  });
});

describe('browser-stream', () => {
  const url = served('browser-stream');
  const ask = async (prompt: string) => {
    const { body } = await fetch(`${url()}/ask`, json({ prompt }));
    if (body === null) expect.unreachable('there is no body');
    const events: PageEvent[] = [];
    for await (const event of readEvents(body)) events.push(event);
    return events;
  };

  it('serves a page, and the reader that it imports', async () => {
    const page = await (await fetch(url())).text();
    const [, reader = ''] = page.match(/from '\.\/(.+\.js)'/) ?? [];
    const script = await fetch(`${url()}/${reader}`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).toContain('export async function* readEvents');
  });

  it('brings the answer in pieces, then who gave it and what it cost', async () => {
    const events = await ask('[[simulate: words=30]]');
    const texts = events.filter(({ event }) => event === 'text');
    expect(texts.length).toBeGreaterThan(5);
    expect(events.at(-1)).toEqual({
      event: 'done',
      data: { model: 'anthropic/claude-sonnet-4-5', cost: expect.stringMatching(/^\$/) },
    });
  });

  it('carries lines and characters of every kind', async () => {
    const events = await ask('Write JSON, ä and 漢: [[simulate: text=a: b / ä 漢 😀]]');
    const text = events.flatMap(({ event, data }) => (event === 'text' ? [data] : [])).join('');
    expect(text).toBe('a: b / ä 漢 😀');
  });

  it('says so where an answer breaks off', async () => {
    const events = await ask('[[simulate: words=30; errorEvent=3; error=invalid_request]]');
    expect(events.filter(({ event }) => event === 'text').length).toBeGreaterThan(0);
    expect(events.at(-1)).toMatchObject({ event: 'failed', data: expect.any(String) });
    expect(events.some(({ event }) => event === 'done')).toBe(false);
  });
});
