import { type EncodeContext, type ModelRequest, RouterError, type WireFormat, wholeBytes } from '@signalbox/core';
import { requestEssence } from './essence.ts';
import type { Lack, WireFormatFixtures } from './fixtures.ts';
import { FOREIGN_REQUEST, SAMPLE_REQUESTS } from './sample-requests.ts';
import { PROVIDER, thrownBy } from './stream-drive.ts';
import type { TestRunner } from './test-runner.ts';

const SAMPLE_CONTEXT: EncodeContext = {
  model: 'sample-model',
  stream: false,
  provider: PROVIDER,
  quirks: {},
  maxOutput: 4000,
};

/** Requests: encoded for a provider and read back as from a caller. */
export function checkRequests({ it, expect }: TestRunner, format: WireFormat, fixtures: WireFormatFixtures): void {
  const lacks: ReadonlySet<Lack> = new Set(fixtures.lacks);
  const context: EncodeContext = { ...SAMPLE_CONTEXT, quirks: fixtures.quirks ?? {} };
  for (const { name, needs, request } of SAMPLE_REQUESTS) {
    if (needs !== undefined && lacks.has(needs)) continue;

    it(`carries ${name} there and back`, () => {
      const { path, body } = format.client.encodeRequest(request, context);
      const back = format.server.decodeRequest(JSON.parse(JSON.stringify(body)), path, fixtures.headers);
      expect(requestEssence(back, lacks)).toEqual(requestEssence(request, lacks));
    });

    it(`encodes ${name} alike each time and leaves it as it was`, () => {
      const before = JSON.stringify(request);
      const frozen = deepFreeze(JSON.parse(before) as ModelRequest);
      const one = format.client.encodeRequest(frozen, context);
      const other = format.client.encodeRequest(frozen, context);
      expect(JSON.stringify(one)).toBe(JSON.stringify(other));
      expect(JSON.stringify(frozen)).toBe(before);
    });
  }

  it('drops nothing without a note', () => {
    const { body, notes } = format.client.encodeRequest(FOREIGN_REQUEST, context);
    const sent = JSON.stringify(body);
    for (const foreign of ['c2VjcmV0', 'unheard of', 'novel_tool']) expect(sent.includes(foreign)).toBe(false);
    for (const field of ['messages[1].parts[0]', 'messages[1].parts[1]', 'tools[0]']) {
      expect(
        notes.some((note) => note.field.startsWith(field)),
        `a note about ${field}`,
      ).toBe(true);
    }
    expect(notes.some((note) => note.field.includes('somewhere-else') || note.field.startsWith('extensions'))).toBe(
      true,
    );
  });

  it('sends a provider its own options verbatim, and no other’s', () => {
    const [sample] = SAMPLE_REQUESTS;
    if (sample === undefined) throw new Error('there are no samples');
    const providerOptions = { [PROVIDER]: { novel_option: { deep: [1, 2] } }, another: { not_for_you: true } };
    const { body } = format.client.encodeRequest({ ...sample.request, providerOptions }, context);
    expect(body.novel_option).toEqual({ deep: [1, 2] });
    expect(JSON.stringify(body).includes('not_for_you')).toBe(false);
  });

  it('refuses what is not a request with one sentence', () => {
    for (const body of [null, 'text', 42, []]) {
      const error = thrownBy(() => format.server.decodeRequest(body, fixtures.path ?? '/', fixtures.headers));
      expect(RouterError.is(error) && error.kind).toBe('invalid-request');
      expect(RouterError.is(error) && error.message.length > 0 && !error.message.includes('\n')).toBe(true);
    }
  });

  it('forwards a caller’s bytes with another model in them, and nothing else changed', () => {
    for (const { request } of SAMPLE_REQUESTS) {
      const { path, body } = format.client.encodeRequest(request, context);
      const bytes = new TextEncoder().encode(JSON.stringify({ novelty: '"model": "decoy"', ...body }));
      const head = format.server.scanHead(bytes, path);
      expect(head.model).toBe('sample-model');
      const forwarded = format.server.forwardRequest(bytes, head, 'another-model', path);
      const sent = new TextDecoder().decode(wholeBytes(forwarded.body));
      if (lacks.has('model-in-body')) {
        expect(forwarded.path.includes('another-model')).toBe(true);
        expect(sent).toBe(new TextDecoder().decode(bytes));
      } else {
        expect(format.server.scanHead(forwarded.body, path).model).toBe('another-model');
        expect(sent).toBe(new TextDecoder().decode(bytes).replace('"sample-model"', '"another-model"'));
      }
    }
  });
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member);
    Object.freeze(value);
  }
  return value;
}
