import type { Inbound, ModelRequest, WireFormat } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../src/index.ts';
import { fakeProvider, finish, streams, text, tinyFormat, userSays } from './fake-provider.ts';

/** A format that has no word for a seed. */
function seedless(): WireFormat {
  const format = tinyFormat('seedless');
  return {
    ...format,
    client: {
      ...format.client,
      encodeRequest: (request, context) => ({
        ...format.client.encodeRequest(request, context),
        notes:
          request.sampling?.seed === undefined
            ? []
            : [{ field: 'sampling.seed', action: 'dropped', reason: 'has no seed' }],
      }),
    },
  };
}

const healthy = streams(text('a'), finish());
const withSeed: ModelRequest = { ...userSays('hi'), sampling: { seed: 7 } };

describe('what a target can not express', () => {
  it('is reported, and the request goes out', async () => {
    const one = fakeProvider('one', healthy, { format: seedless() });
    const { notes } = await createRouter({ providers: [one] }).stream(withSeed);
    expect(notes).toEqual([{ field: 'sampling.seed', action: 'dropped', reason: 'has no seed' }]);
    expect(one.calls).toHaveLength(1);
  });

  it('is refused under strict before anything is sent, saying what would be lost', async () => {
    const one = fakeProvider('one', healthy, { format: seedless() });
    const refused = createRouter({ providers: [one], strict: true }).stream(withSeed);
    await expect(refused).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('sampling.seed (has no seed)'),
    });
    expect(one.calls).toHaveLength(0);
  });

  it('goes under strict to the next candidate that can express it', async () => {
    const one = fakeProvider('one', healthy, { format: seedless() });
    const two = fakeProvider('two', healthy);
    const { candidate } = await createRouter({ providers: [one, two] }).stream(withSeed, { strict: true });
    expect(candidate.id).toBe('two/two-model');
  });
});

describe('state that a provider keeps', () => {
  const stored: ModelRequest = {
    ...userSays('go on'),
    serverState: { format: 'tiny', parameter: 'previous_response_id' },
  };
  const over = (format: WireFormat): Inbound => ({
    wire: { format, body: new TextEncoder().encode('{"model":"auto","stream":true}'), path: '/', headers: {} },
    head: { model: 'auto', stream: true },
    request: () => stored,
  });

  it('stays with providers of its format', async () => {
    const router = createRouter({
      providers: [fakeProvider('other', healthy, { format: tinyFormat('other') }), fakeProvider('one', healthy)],
    });
    expect((await router.forward({ inbound: over(tinyFormat()) })).candidate.id).toBe('one/one-model');
  });

  it('is refused clearly elsewhere', async () => {
    const router = createRouter({ providers: [fakeProvider('other', healthy, { format: tinyFormat('other') })] });
    await expect(router.forward({ inbound: over(tinyFormat()) })).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(/previous_response_id refers to what a provider of the format tiny keeps/),
    });
  });
});
