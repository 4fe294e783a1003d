import type { EmbeddingCodec } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../src/index.ts';
import { answers, fakeProvider, tinyFormat } from './fake-provider.ts';

const embedding: EmbeddingCodec = {
  encodeRequest: (request, model) => ({ path: '/embed', body: { model, input: request.inputs.map(String) } }),
  decodeResponse: (body) => ({ vectors: (body as { vectors: number[][] }).vectors }),
  decodeRequest: () => ({ inputs: [] }),
  encodeResponse: () => ({}),
};
const embedder = (id: string, local: boolean) =>
  fakeProvider(id, answers(200, { vectors: [[1, 0]] }), {
    format: { ...tinyFormat(), embedding },
    local,
    facts: { type: 'embedding' },
  });

describe('embeddings where nothing may leave the machine', () => {
  it('are not asked for elsewhere', async () => {
    const remote = embedder('remote', false);
    const { embed } = createRouter({ providers: [remote], localOnly: true });
    await expect(embed({ model: 'remote-model', inputs: ['secret'] })).rejects.toMatchObject({
      kind: 'no-candidate',
      message: "remote/remote-model can't make embeddings: the data policy allows local providers only.",
    });
    expect(remote.calls).toEqual([]);
  });

  it('come from here', async () => {
    const { embed } = createRouter({ providers: [embedder('here', true)], localOnly: true });
    expect((await embed({ model: 'here-model', inputs: ['secret'] })).response.vectors).toEqual([[1, 0]]);
  });
});
