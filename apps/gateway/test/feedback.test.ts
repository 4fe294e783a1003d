import { createHash } from 'node:crypto';
import { type GatewayKey, type GatewayKeys, RouterError } from '@signalbox/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { GivenFeedback } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

const digest = createHash('sha256').update('sk-ada').digest('hex');
const ada: GatewayKey = { name: 'laptop', user: 'ada', tags: [], limits: {}, createdAt: 0 };
const keys: GatewayKeys = { find: (asked) => (asked === digest ? ada : undefined), exist: () => true };

const taken: GivenFeedback[] = [];
let under: GatewayUnderTest;
let without: GatewayUnderTest;
beforeAll(async () => {
  const feedback = (given: GivenFeedback) => {
    if (given.id !== 'd1') throw new RouterError({ kind: 'usage', message: 'There is no decision "d2".' });
    taken.push(given);
    return { decision: 'd1', candidate: 'openai/gpt-4o-mini', counts: true };
  };
  under = await startGateway('', undefined, { keys, feedback });
  without = await startGateway('');
});
afterAll(() => Promise.all([under.close(), without.close()]));
beforeEach(() => taken.splice(0));

const post = async (body: unknown, at = under, authorization: string | undefined = 'Bearer sk-ada') => {
  const answer = await fetch(`${at.gateway.url}/v1/feedback`, {
    method: 'POST',
    headers: authorization === undefined ? {} : { authorization },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as { error?: { message: string } } };
};

describe('POST /v1/feedback', () => {
  it('takes a verdict in the name of whoever shows the key', async () => {
    expect(await post({ id: 'd1', verdict: 'bad', note: 'did not compile' })).toEqual({
      status: 200,
      body: { id: 'd1', candidate: 'openai/gpt-4o-mini', verdict: 'bad', counts: true },
    });
    expect(taken).toEqual([
      {
        id: 'd1',
        good: false,
        note: 'did not compile',
        caller: expect.objectContaining({ tenant: 'ada', key: 'laptop', user: 'ada' }),
      },
    ]);
  });

  it('wants the key that the other endpoints want', async () => {
    expect((await post({ id: 'd1', verdict: 'good' }, under, 'Bearer sk-other')).status).toBe(401);
    expect(taken).toEqual([]);
  });

  it('does not know what others were answered', async () => {
    expect(await post({ id: 'd2', verdict: 'good' })).toEqual({
      status: 404,
      body: {
        error: {
          message: 'There is no decision "d2".',
          type: 'not_found_error',
          param: 'id',
          code: 'unknown_decision',
        },
      },
    });
  });

  it.each([
    ['no JSON', 'x', 'not valid JSON'],
    ['no id', { verdict: 'good' }, '"id" must be'],
    ['an empty id', { id: ' ', verdict: 'good' }, '"id" must be'],
    ['another verdict', { id: 'd1', verdict: 'fine' }, '"verdict" must be "good" or "bad"'],
    ['a note that is no text', { id: 'd1', verdict: 'good', note: 5 }, '"note" must be text'],
    ['a list', [], '"id" must be'],
  ])('refuses %s in a sentence', async (_, body, sentence) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(answer.body.error?.message).toContain(sentence);
  });

  it('is refused where nothing is written down', async () => {
    const answer = await post({ id: 'd1', verdict: 'good' }, without, undefined);
    expect(answer.status).toBe(400);
    expect(answer.body.error?.message).toContain('keeps no ledger');
  });
});
