import { Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { entryOf, ProviderError } from '@signalbox/core';
import type { Incoming } from './dispatch-call.ts';

/** Whether a body comes as it is. */
export const isPlain = (encoding: string | undefined): boolean =>
  encoding === undefined || encoding === '' || encoding === 'identity';

/** A body, decompressed: some endpoints compress without having been asked to. Throws ProviderError `invalid-response` for an encoding that nobody knows. */
export function decodedBody(
  incoming: Incoming,
  encoding: string | undefined,
  provider: string,
): AsyncIterable<readonly Uint8Array[]> {
  if (encoding === undefined || isPlain(encoding)) return incoming.pieces();
  const decompress = entryOf(DECOMPRESSORS, encoding.trim().toLowerCase());
  if (decompress === undefined) {
    incoming.discard();
    throw new ProviderError({
      kind: 'invalid-response',
      provider,
      message: `${provider} answered with the unknown content encoding "${encoding.slice(0, 40)}".`,
    });
  }
  return decompressed(incoming, decompress());
}

async function* decompressed(incoming: Incoming, stream: Transform): AsyncGenerator<readonly Uint8Array[]> {
  const source = Readable.from(flatten(incoming.pieces()));
  // A connection that broke is the reason, not the stream that could not go on.
  source.on('error', (error) => stream.destroy(error));
  try {
    for await (const piece of source.pipe(stream)) yield [piece as Uint8Array];
  } finally {
    source.destroy();
  }
}

async function* flatten(batches: AsyncIterable<readonly Uint8Array[]>): AsyncGenerator<Uint8Array> {
  for await (const batch of batches) yield* batch;
}

const DECOMPRESSORS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};
