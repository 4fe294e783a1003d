import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { serveGateway } from '../src/index.ts';
import { type GatewayUnderTest, startGateway } from './running-gateway.ts';

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

/** An identity provider's keys over HTTP. */
let server: Server;
let jwksUrl: string;
let published: JWK[] = [];
let fetches = 0;
let status = 200;
let first: KeyPair;
let under: GatewayUnderTest;
const now = Date.UTC(2030, 0, 1);

beforeAll(async () => {
  server = createServer((_request, response) => {
    fetches += 1;
    response.writeHead(status, { 'content-type': 'application/json', location: 'http://127.0.0.1:1/elsewhere' });
    response.end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
  first = await publish('first');
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const CLAIMS = { tags: 'groups', models: 'allowed.models', budgetDaily: 'budget' };
beforeEach(async () => {
  await under?.close();
  under = await startGateway('', undefined, {
    jwt: { issuer: 'https://id.example', audience: 'signalbox', jwksUrl, claims: CLAIMS },
    now: () => now,
  });
  return () => under.close();
});

async function publish(kid: string): Promise<KeyPair> {
  const pair = await generateKeyPair('ES256');
  published = [...published, { ...(await exportJWK(pair.publicKey)), kid, alg: 'ES256' }];
  return pair;
}

const GOOD = { sub: 'ada', groups: ['team-a'], allowed: { models: ['gpt-4o-mini'] }, budget: 2.5 };

interface Signing {
  readonly key?: KeyPair;
  /** Absent: the token names no key. */
  readonly kid?: string | undefined;
  readonly issuer?: string;
  readonly audience?: string;
  readonly seconds?: number;
}

const sign = (
  claims: Record<string, unknown> = GOOD,
  { key = first, issuer = 'https://id.example', audience = 'signalbox', seconds = 600, ...named }: Signing = {},
) =>
  new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', ...('kid' in named ? { kid: named.kid } : { kid: 'first' }) })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(now / 1000) + seconds)
    .sign(key.privateKey);

const ask = (headers: Record<string, string>, model = 'gpt-4o-mini') =>
  fetch(`${under.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
  });
const bearer = async (token: string | Promise<string>) => ask({ authorization: `Bearer ${await token}` });
async function refusal(token: string | Promise<string>): Promise<readonly [number, string]> {
  const answer = await bearer(token);
  const { error } = (await answer.json()) as { error: { message: string } };
  return [answer.status, error.message];
}

describe('a token', () => {
  it('opens the gateway and says who asks; it goes to no provider', async () => {
    const token = await sign();
    expect((await bearer(token)).status).toBe(200);
    expect((await ask({ 'x-api-key': token })).status).toBe(200);
    expect(under.rows[0]?.caller).toMatchObject({ user: 'ada', tenant: 'ada', tags: ['team-a'] });
    expect(under.rows[0]?.caller?.limits).toMatchObject({ budgetDaily: 2_500_000_000 });
    expect(JSON.stringify(under.simulator.requests)).not.toContain(token);
  });

  it('may use only the models that it names, and none where it should and does not', async () => {
    expect((await ask({ authorization: `Bearer ${await sign()}` }, 'gpt-4-turbo')).status).toBe(403);
    expect((await bearer(sign({ sub: 'ada' }))).status).toBe(403);
  });

  it('that is no good is told what is wrong with it', async () => {
    const other = await generateKeyPair('ES256');
    expect(await refusal(sign(GOOD, { seconds: -31 }))).toEqual([
      401,
      expect.stringMatching(/expired at 2029-12-31T23/),
    ]);
    expect(await refusal(sign(GOOD, { issuer: 'https://evil.example' }))).toEqual([
      401,
      'This token is not from https://id.example.',
    ]);
    expect(await refusal(sign(GOOD, { audience: 'other' }))).toEqual([401, 'This token is not for signalbox.']);
    expect(await refusal(sign(GOOD, { key: other }))).toEqual([401, 'This token has a wrong signature.']);
    expect(await refusal(sign({}))).toEqual([401, expect.stringContaining('the claim "sub" is missing')]);
    const unsigned = [{ alg: 'none' }, { ...GOOD, iss: 'https://id.example', aud: 'signalbox', exp: 9e9 }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    expect(await refusal(`${unsigned}.x`)).toEqual([401, 'This token is signed in a way that is not accepted.']);
    expect(await refusal('eyJhbGciOiJFUzI1NiJ9.x.y')).toEqual([401, "This token can't be read."]);
    expect((await ask({})).status).toBe(401);
  });

  it.each(['abc', '', -1, true, [5], {}])(
    'with a limit that is none (%j) is refused: it may have been meant to be a low one',
    async (budget) => {
      expect(await refusal(sign({ ...GOOD, budget }))).toEqual([401, 'This token has no good claim "budget".']);
    },
  );

  it.each(['2.5', 0.001, null])('says its limit as a number or in digits, or has none: %j', async (budget) => {
    expect((await bearer(sign({ ...GOOD, sub: `limit ${budget}`, budget }))).status).toBe(200);
  });

  it('that its issuer made badly, or wants more understood than is, is refused as any other: no fault of ours, no issuer that is away', async () => {
    expect(await refusal(sign({ ...GOOD, nbf: now / 1000 + 300 }))).toEqual([
      401,
      'This token is valid from 2030-01-01T00:05:00.000Z on.',
    ]);
    expect(await refusal(sign({ ...GOOD, nbf: 'soon' }))).toEqual([401, 'This token has no good claim "nbf".']);
    expect(await refusal(sign({ ...GOOD, nbf: 1e300 }))).toEqual([401, 'This token is valid from some time on.']);
    const critical = Buffer.from(JSON.stringify({ alg: 'ES256', kid: 'first', crit: ['exotic'], exotic: 1 }));
    const [, claims, signature] = (await sign()).split('.');
    expect(await refusal(`${critical.toString('base64url')}.${claims}.${signature}`)).toEqual([
      401,
      'This token is signed in a way that is not accepted.',
    ]);
  });

  it('whose secret is the published key, as if it were shared, is refused', async () => {
    const key = new TextEncoder().encode(await exportSPKI(first.publicKey));
    const token = new SignJWT({ ...GOOD, iss: 'https://id.example', aud: 'signalbox', exp: now / 1000 + 600 })
      .setProtectedHeader({ alg: 'HS256', kid: 'first' })
      .sign(key);
    expect(await refusal(token)).toEqual([401, 'This token is signed in a way that is not accepted.']);
  });

  it('may be a little late or early, as clocks are', async () => {
    expect((await bearer(sign(GOOD, { seconds: -20 }))).status).toBe(200);
  });
});

describe("the issuer's keys", () => {
  it('are fetched once, and again for a key that is new, but not for each', async () => {
    const before = fetches;
    for (let count = 0; count < 3; count += 1) await bearer(sign());
    expect(fetches).toBe(before + 1);
    const stranger = await generateKeyPair('ES256');
    const unknown = { key: stranger, kid: 'unknown' };
    expect(await refusal(sign(GOOD, unknown))).toEqual([
      401,
      "This token is signed with a key that its issuer doesn't have.",
    ]);
    await bearer(sign(GOOD, unknown));
    expect(fetches).toBeLessThanOrEqual(before + 2);
  });

  it('that were rotated before the first token are the new ones', async () => {
    const second = await publish('second');
    expect((await bearer(sign(GOOD, { key: second, kid: 'second' }))).status).toBe(200);
  });

  it('are each tried for a token that names none of them', async () => {
    const another = await publish('another');
    for (const key of [first, another]) expect((await bearer(sign(GOOD, { key, kid: undefined }))).status).toBe(200);
    const stranger = { key: await generateKeyPair('ES256'), kid: undefined };
    expect(await refusal(sign(GOOD, stranger))).toEqual([401, 'This token has a wrong signature.']);
    expect(await refusal(sign(GOOD, { key: another, kid: undefined, audience: 'other' }))).toEqual([
      401,
      'This token is not for signalbox.',
    ]);
  });

  it.each([
    ['that names its key', 'rotated'],
    ['that names none', undefined],
  ])(
    'that are rotated while the gateway runs are the new ones after half a minute, for a token %s; one that is taken back opens nothing then',
    async (_, kid) => {
      const before = published;
      const time = vi.spyOn(Date, 'now');
      try {
        expect((await bearer(sign())).status).toBe(200);
        published = [];
        const key = await publish('rotated');
        expect((await bearer(sign(GOOD, { key, kid }))).status).toBe(401);
        const start = Date.now();
        time.mockImplementation(() => start + 31_000);
        expect((await bearer(sign(GOOD, { key, kid }))).status).toBe(200);
        expect((await bearer(sign(GOOD, { kid: kid && 'first' }))).status).toBe(401);
      } finally {
        time.mockRestore();
        published = before;
      }
    },
  );

  it('that can not be had, or stand elsewhere, open nothing: 503', async () => {
    for (const bad of [500, 302]) {
      status = bad;
      const answer = await bearer(sign());
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    }
    status = 200;
    expect((await bearer(sign())).status).toBe(200);
  });
});

it('a gateway with tokens may be reached by others', async () => {
  const jwt = { issuer: 'https://id.example', audience: 'signalbox', jwksUrl };
  const gateway = await serveGateway({ router: under.ready.router, port: 0, host: '0.0.0.0', jwt });
  const port = new URL(gateway.url).port;
  expect((await fetch(`http://127.0.0.1:${port}/v1/models`)).status).toBe(401);
  await gateway.close(0);
});
