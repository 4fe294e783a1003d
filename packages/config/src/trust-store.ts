import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isJsonObject, parseJson, RouterError } from '@signalbox/core';
import { FOLDER } from './configuration-files.ts';

/** A file that the user trusts, as it was then. */
export interface TrustedFile {
  readonly path: string;
  /** Of its content, hexadecimal. */
  readonly sha256: string;
}

/** Remembers which files the user trusts: by absolute path and content, so that a changed file has to be trusted again. */
export interface TrustStore {
  /** Path of the store's own file. */
  readonly file: string;
  /** Whether this content of this file is trusted. */
  isTrusted(path: string, content: string | Uint8Array): Promise<boolean>;
  /** Trusts a file as it is now. Throws RouterError `usage` when it can't be read. */
  trust(path: string): Promise<TrustedFile>;
  /** Takes trust back; `false` when there was none. */
  revoke(path: string): Promise<boolean>;
  /** All trusted files, by path. */
  list(): Promise<readonly TrustedFile[]>;
}

/**
 * A store in `<home>/.claude-code/signalbox-trust.json`, readable by the user alone and replaced as a whole. All methods throw
 * RouterError `configuration` when that file is there and not readable: nothing is trusted by accident.
 */
export function createTrustStore(options: { readonly home: string }): TrustStore {
  const file = join(resolve(options.home), FOLDER, 'signalbox-trust.json');

  async function read(): Promise<Map<string, string>> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT') return new Map();
      throw new RouterError({
        kind: 'configuration',
        message: `The list of trusted files ${file} can't be read (${code}).`,
      });
    }
    const content = parseJson(text);
    const trusted = isJsonObject(content) ? content.trusted : undefined;
    if (!isJsonObject(trusted)) {
      const message = `The list of trusted files ${file} is damaged: delete it, and trust your files again with \`signalbox trust\`.`;
      throw new RouterError({ kind: 'configuration', message });
    }
    return new Map(Object.entries(trusted).filter((one): one is [string, string] => typeof one[1] === 'string'));
  }

  async function write(trusted: ReadonlyMap<string, string>): Promise<void> {
    const folder = dirname(file);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `.signalbox-trust-${randomUUID()}.json`);
    try {
      const content = { version: 1, trusted: Object.fromEntries(trusted) };
      await writeFile(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      // The umask may take rights away, never the mode that was there before.
      await chmod(draft, 0o600);
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  }

  return {
    file,
    async isTrusted(path, content) {
      return (await read()).get(resolve(path)) === sha256(content);
    },
    async trust(path) {
      const absolute = resolve(path);
      let content: Uint8Array;
      try {
        content = await readFile(absolute);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        const reason = code === 'ENOENT' ? 'there is no such file' : `it can't be read (${code})`;
        throw new RouterError({ kind: 'usage', message: `${absolute} can't be trusted: ${reason}.` });
      }
      const trusted = await read();
      const entry = { path: absolute, sha256: sha256(content) };
      await write(trusted.set(entry.path, entry.sha256));
      return entry;
    },
    async revoke(path) {
      const trusted = await read();
      if (!trusted.delete(resolve(path))) return false;
      await write(trusted);
      return true;
    },
    async list() {
      const trusted = [...(await read())].map(([path, hash]) => ({ path, sha256: hash }));
      return trusted.sort((one, other) => (one.path < other.path ? -1 : 1));
    },
  };
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
