import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import type { PackedPackage } from './packed-packages.ts';

/** A registry of npm on 127.0.0.1. */
export interface LoopbackRegistry {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves packed packages, and no others, as npm's registry would: the two answers that an install needs
 * (https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md). What is not ours is asked for elsewhere by npm itself.
 */
export async function startLoopbackRegistry(packages: readonly PackedPackage[]): Promise<LoopbackRegistry> {
  const byName = new Map(packages.map((one) => [one.name, one]));
  const byFile = new Map(packages.map((one) => [basename(one.tarball), one]));
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(new URL(request.url ?? '/', url).pathname).slice(1);
    const tarball = path.startsWith('-/') ? byFile.get(path.slice(2)) : undefined;
    // The same versions are packed anew each time: nothing of an earlier run may come from npm's cache.
    response.setHeader('cache-control', 'no-store');
    if (tarball !== undefined) {
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      response.end(readFileSync(tarball.tarball));
      return;
    }
    const found = byName.get(path);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found === undefined ? { error: `there is no ${path} here` } : metadata(found, url)));
  }

  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function metadata({ name, version, manifest, tarball, integrity }: PackedPackage, url: string): object {
  const dist = { tarball: `${url}-/${basename(tarball)}`, integrity };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
