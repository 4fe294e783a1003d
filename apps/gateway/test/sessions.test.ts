import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Explanation } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

let under: GatewayUnderTest;
afterEach(() => under.close());

/** Some 30,000 tokens. */
const LONG = 'All of what was said before. '.repeat(4_000);
const HARD = 'Design a distributed payment system with exactly-once semantics';
const EASY = 'Fix the typo in README';

const inMessages = (text: string, rest: object = {}) => ({
  model: 'auto',
  max_tokens: 200,
  system: [{ type: 'text', text: LONG, cache_control: { type: 'ephemeral' } }],
  messages: [{ role: 'user', content: text }],
  ...rest,
});
const inChat = (text: string, rest: object = {}) => ({
  model: 'auto',
  messages: [
    { role: 'system', content: LONG },
    { role: 'user', content: text },
  ],
  ...rest,
});
const userId = (session: string) =>
  JSON.stringify({ device_id: 'd'.repeat(64), account_uuid: '', session_id: session });

let lines = 0;
function billingLine() {
  lines += 1;
  return { type: 'text', text: `x-anthropic-billing-header: cc_version=2.1.330.${lines}; cc_entrypoint=cli;` };
}

type Says = (text: string, session: string) => readonly [body: object, headers: Record<string, string>];
const CLAUDE = 'anthropic: { endpoint: "URL/anthropic", api_key: k, models: [claude-opus-4-5, claude-haiku-4-5] }';
/** Chat Completions has no marks for Anthropic's cache: there a session is kept by who caches unasked. */
const GPT = 'openai: { endpoint: "URL/openai/v1", api_key: k, models: [gpt-5.4, gpt-5.4-mini] }';
const WAYS: readonly (readonly [name: string, path: string, says: Says, provider: string])[] = [
  [
    'its header',
    '/v1/messages',
    (text, session) => [inMessages(text), { 'x-claude-code-session-id': session }],
    CLAUDE,
  ],
  [
    'its header, where Claude Code writes another first line each time',
    '/v1/messages',
    (text, session) => [
      inMessages(text, { system: [billingLine(), { type: 'text', text: LONG, cache_control: { type: 'ephemeral' } }] }),
      { 'x-claude-code-session-id': session },
    ],
    CLAUDE,
  ],
  [
    'metadata.user_id',
    '/v1/messages',
    (text, id) => [inMessages(text, { metadata: { user_id: userId(id) } }), {}],
    CLAUDE,
  ],
  ['prompt_cache_key', '/v1/chat/completions', (text, id) => [inChat(text, { prompt_cache_key: id }), {}], GPT],
];

async function post(path: string, body: object, headers: Record<string, string>) {
  const answer = await fetch(`${under.gateway.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return answer.json() as Promise<unknown>;
}

/** Explains, asks, and expects both to choose the same; gives the decision that was booked. */
async function asked(path: string, body: object, headers: Record<string, string>) {
  const explained = (await post(path, body, { ...headers, 'x-signalbox-explain': 'true' })) as Explanation;
  await post(path, body, headers);
  const row = under.rows.at(-1);
  expect(row?.attempt.candidate).toBe(explained.winner);
  expect(row?.decision.session).toEqual(explained.session);
  return { winner: explained.winner, session: explained.session };
}

describe.each(WAYS)('a session, known by %s', (_name, path, says, provider) => {
  beforeEach(async () => {
    under = await startGateway(
      'routing: { strategy: best_for_task }\n',
      (simulator) => `  ${provider.replace('URL', simulator)}`,
    );
  });

  it('keeps its model while that has the prompt in its cache, and the explanation says so beforehand', async () => {
    const hard = await asked(path, ...says(HARD, 'mine'));
    expect(hard.session).toBeUndefined();
    const elsewhere = await asked(path, ...says(EASY, 'of somebody else'));
    expect(elsewhere.winner).not.toBe(hard.winner);
    const kept = await asked(path, ...says(EASY, 'mine'));
    expect(kept.session).toMatchObject({ kept: true, holder: hard.winner, tokens: expect.any(Number) });
    expect(kept.winner).toBe(hard.winner);
    expect(kept.session?.saved).toBeGreaterThan(0);
    expect(kept.session?.gain).toBeGreaterThan(0);
  });

  it('leaves it where another gains more than the cold prompt costs, and says what that is', async () => {
    const easy = await asked(path, ...says(EASY, 'mine'));
    const left = await asked(path, ...says(HARD, 'mine'));
    expect(left.winner).not.toBe(easy.winner);
    expect(left.session).toMatchObject({ kept: false, holder: easy.winner, other: left.winner });
  });
});
