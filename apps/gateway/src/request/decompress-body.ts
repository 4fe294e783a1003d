import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { RouterError } from '@signalbox/core';

type Decompress = (body: Uint8Array, options: { readonly maxOutputLength: number }) => Promise<Uint8Array>;

const CODINGS: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

/**
 * A body as it was before it was compressed. It is never made larger than `maxBytes`: a few kilobytes may stand for gigabytes. Throws RouterError `request-too-large` and
 * `invalid-request`.
 */
export async function decompressBody(
  body: Uint8Array,
  coding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = coding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  const decompress = Object.hasOwn(CODINGS, name) ? CODINGS[name] : undefined;
  const refuse = (message: string) =>
    new RouterError({ kind: 'invalid-request', message, parameter: 'content-encoding' });
  if (decompress === undefined) {
    throw refuse(
      `The content-encoding "${name.slice(0, 40)}" is not understood: use ${Object.keys(CODINGS).join(', ')}, or none.`,
    );
  }
  try {
    return await decompress(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RouterError({
        kind: 'request-too-large',
        message: `The request body is larger than the ${Math.floor(maxBytes / 1024 / 1024)} MiB that this gateway takes, once it is decompressed.`,
      });
    }
    throw refuse(`The request body is not what its content-encoding says: it can't be decompressed as ${name}.`);
  }
}
