import type { Admission } from '@signalbox/core';
import { createRouter } from '@signalbox/router';
import { expect, it, onTestFinished } from 'vitest';
import { type RequestRecord, serveGateway } from '../src/index.ts';
import { startGateway } from './running-gateway.ts';

/** Lets a stream go on for so many looks at it. */
function upTo(looks: number): Admission {
  let seen = 0;
  return {
    check: () => undefined,
    reserve: () => ({
      mustStop() {
        seen += 1;
        return seen > looks ? 'the daily budget of $1.00 is used up' : undefined;
      },
      settle: () => undefined,
      release: () => undefined,
    }),
  };
}

it.each([
  ['/v1/chat/completions', 'bytes'],
  ['/v1/messages', 'canonical'],
])('a stream that a budget ends is no caller who went away: %s', async (path, lane) => {
  const under = await startGateway();
  try {
    const records: RequestRecord[] = [];
    const { providers } = under.ready;
    const router = createRouter({ providers, candidates: under.ready.candidates, admission: upTo(2) });
    const gateway = await serveGateway({ router, port: 0, onRequest: (record) => records.push(record) });
    onTestFinished(() => gateway.close(0));
    const messages = [{ role: 'user', content: '[[simulate: words=600]] go' }];
    const body = JSON.stringify({ model: 'gpt-4o-mini', max_tokens: 2_000, stream: true, messages });
    const answer = await fetch(`${gateway.url}${path}`, { method: 'POST', body });
    expect(await answer.text()).toContain('The answer was stopped here: the daily budget of $1.00 is used up.');
    await expect.poll(() => records.length).toBe(1);
    expect(records).toMatchObject([
      { status: 200, lane, outcome: 'refused', error: 'budget', attempts: [{ outcome: 'aborted' }] },
    ]);
    expect(records[0]?.attempts[0]?.error).toMatchObject({ kind: 'aborted', code: 'budget' });
  } finally {
    await under.close();
  }
});
