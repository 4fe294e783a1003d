import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { ProviderDefinition } from '@signalbox/core';
import { isSameAccount } from '@signalbox/setup';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { type Probe, probeProvider } from '../doctor/probe-provider.ts';

/** A provider that can be chosen by its name alone. */
export interface Choice {
  readonly id: string;
  readonly definition: ProviderDefinition;
  /** The variable that holds its key, or should; absent: it needs none. */
  readonly variable?: string | undefined;
  readonly key?: string | undefined;
  /** Another way to the account of one before it: taken only where it is asked for. */
  readonly isAnotherWay: boolean;
}

/** The environment over the project's `.env`. */
export function environmentHere(folder: string): Readonly<Record<string, string | undefined>> {
  const file = join(folder, '.env');
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env };
}

/** Everything that has an address of its own, the best known first. */
export function choices(env: Readonly<Record<string, string | undefined>>): readonly Choice[] {
  const own = Object.entries(providerTypes).filter(
    ([id, one]) => one.defaultEndpoint !== '' && !one.local && id === one.id,
  );
  const all = [...Object.entries(bundledProviders), ...own];
  return all.map(([id, definition], index) => {
    const { keyVariables } = definition;
    const isAnotherWay = all.slice(0, index).some(([, earlier]) => isSameAccount(earlier, definition));
    const variable = keyVariables.find((name) => (env[name] ?? '') !== '') ?? keyVariables[0];
    return { id, definition, variable, key: variable === undefined ? undefined : env[variable], isAnotherWay };
  });
}

/** Those that can be used at once: with a key, or listening on this machine. */
export function ready(all: readonly Choice[], ollama: boolean): readonly Choice[] {
  return all.filter(({ definition, key, isAnotherWay }) =>
    definition.local ? ollama : (key ?? '') !== '' && !isAnotherWay,
  );
}

/** Asks a provider whether it takes a key: its list of models, which costs nothing. */
export async function testKey(
  definition: ProviderDefinition,
  apiKey: string | undefined,
  endpoint?: string,
): Promise<Probe> {
  const provider = definition.create({ apiKey, endpoint });
  try {
    return await probeProvider(provider, endpoint ?? definition.defaultEndpoint);
  } finally {
    await provider.close();
  }
}

/** The Ollama of this machine with its models; undefined where none answers. */
export async function findOllama(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly endpoint: string; readonly models: readonly string[] } | undefined> {
  const definition = bundledProviders.local;
  if (definition === undefined) return undefined;
  const endpoint = ollamaAddress(env.OLLAMA_HOST) ?? definition.defaultEndpoint;
  const { state, models } = await testKey(definition, undefined, endpoint);
  return state === 'ok' ? { endpoint, models } : undefined;
}

/** `OLLAMA_HOST` as Ollama reads it: with or without scheme and port, `0.0.0.0` for every address of this machine. */
function ollamaAddress(written: string | undefined): string | undefined {
  const text = written?.trim() ?? '';
  if (text === '') return undefined;
  const whole = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  const isBare = url.port === '' && !/^https?:\/\//.test(text);
  if (isBare) url.port = '11434';
  return url.origin;
}
