import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import { addModel, change, leaveOut, noteRest, setIn, timeOf } from './draft.ts';
import { type Placement, placeAddress, providerAt, providerName } from './foreign-provider.ts';
import type { Draft, DraftProvider } from './imported.ts';
import { PORTKEY_FORMATS, PORTKEY_PROVIDERS, PORTKEY_REASONS, PORTKEY_TARGET_KEYS } from './portkey-words.ts';
import { addHeaders, addKey } from './secret-reference.ts';

/** One leaf: a provider, or one model of it. */
export interface Target {
  readonly name: string | undefined;
  readonly provider: string;
  /** As a chain names it: `provider/model`, or the provider alone. */
  readonly member: string;
  readonly weight: number;
}

/** The leaves of a config, targets within targets among them. What stands there for all requests goes into the draft. */
export function readTargets(draft: Draft, config: JsonObject, path: string): readonly Target[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  noteRest(draft, config, path, { read: PORTKEY_TARGET_KEYS, reasons: PORTKEY_REASONS });
  shared(draft, config, at);
  const nested = asArray(config.targets);
  if (nested.length === 0) {
    const target = readTarget(draft, config, path);
    return target === undefined ? [] : [target];
  }
  if (path !== '') change(draft, at('targets'), 'targets within targets are taken as one list');
  const inherited = Object.fromEntries(
    Object.entries(config).filter(([key]) => ['override_params', 'custom_host'].includes(key)),
  );
  return nested.flatMap((one, index) =>
    readTargets(draft, { ...inherited, ...snakeCase(asObject(one) ?? {}) }, at(`targets[${index}]`)),
  );
}

/** What holds for all requests here, wherever it stands there. */
function shared(draft: Draft, config: JsonObject, at: (key: string) => string): void {
  const retry = asObject(config.retry);
  const attempts = asNumber(retry?.attempts);
  setIn(draft, 'retry', {
    max_attempts: attempts === undefined ? undefined : attempts + 1,
    timeout: timeOf(asNumber(config.request_timeout)),
  });
  if (retry !== undefined)
    noteRest(draft, retry, at('retry'), {
      read: ['attempts'],
      reasons: PORTKEY_REASONS,
      otherwise: 'what a provider asks for is never undercut (docs/reliability.md)',
    });
  const cache = asObject(config.cache);
  if (cache === undefined) return;
  const age = asNumber(cache.max_age);
  setIn(draft, 'caching', { enabled: true, ttl: age === undefined || age < 1 ? undefined : `${Math.round(age)}s` });
  if (cache.mode === 'semantic')
    change(
      draft,
      at('cache.mode'),
      'identical requests only; for the rest say caching.semantic with an embedding model',
    );
}

function readTarget(draft: Draft, target: JsonObject, path: string): Target | undefined {
  const where = path === '' ? 'the configuration' : path;
  const named = asString(target.provider);
  // A virtual key or `@slug` stands for a credential that Portkey keeps.
  const kept = ['virtual_key', 'provider'].find(
    (key) => (key === 'virtual_key' || named?.startsWith('@')) && asString(target[key]) !== undefined,
  );
  const foreign = named?.replace(/^@/, '') ?? asString(target.virtual_key);
  if (foreign === undefined) {
    leaveOut(draft, where, 'it names no provider');
    return undefined;
  }
  const vendor = vendorOf(foreign);
  if (vendor === undefined && asString(target.custom_host) === undefined) {
    leaveOut(draft, where, `nobody here speaks the API of "${foreign}", or nothing says whose it is`);
    return undefined;
  }
  const provider = placeTarget(draft, target, { vendor, foreign }, path);
  const found = draft.known.find((one) => one.name === (provider.type ?? provider.name));
  if (kept !== undefined && asString(target.api_key) === undefined)
    change(
      draft,
      `${path === '' ? '' : `${path}.`}${kept}`,
      `the key lies at Portkey: put it into ${found?.keyVariable ?? 'the environment'}`,
    );
  addKey(
    draft,
    provider,
    found,
    asString(target.api_key) ?? (kept === undefined ? undefined : `$${found?.keyVariable ?? ''}`),
  );
  const model = readOverrides(draft, provider, target, path);
  headersOf(draft, provider, target, path);
  return {
    name: asString(target.name),
    provider: provider.name,
    member: model === undefined ? provider.name : `${provider.name}/${model}`,
    weight: asNumber(target.weight) ?? 1,
  };
}

/** What we call a provider of Portkey's: slugs and virtual keys begin with its name. */
function vendorOf(foreign: string): string | undefined {
  const begins = ([name]: [string, string]) => foreign.startsWith(`${name}-`) || foreign.startsWith(`${name}_`);
  return PORTKEY_PROVIDERS[foreign] ?? Object.entries(PORTKEY_PROVIDERS).find(begins)?.[1];
}

interface Whose {
  readonly vendor: string | undefined;
  /** As Portkey calls it. */
  readonly foreign: string;
}

function placeTarget(draft: Draft, target: JsonObject, { vendor, foreign }: Whose, path: string): DraftProvider {
  const own = vendor ?? providerName(foreign);
  const host = asString(target.custom_host);
  const resource = asString(target.resource_name);
  const azure = vendor === 'azure' && resource !== undefined ? `https://${resource}.openai.azure.com` : undefined;
  const format = PORTKEY_FORMATS[foreign] ?? 'openai-compatible';
  const place: Placement =
    host === undefined
      ? { endpoint: azure }
      : placeAddress(draft, { name: own, address: host, format }, `${path}.custom_host`);
  const isServer = place.type?.endsWith('-compatible') === true && host !== undefined && URL.canParse(host);
  return providerAt(draft, isServer ? providerName(new URL(host).hostname) : own, place.type ?? own, place);
}

function readOverrides(draft: Draft, provider: DraftProvider, target: JsonObject, path: string): string | undefined {
  const overrides = asObject(target.override_params) ?? {};
  const model = (asString(overrides.model) ?? asString(target.deployment_id))?.replace(/^@[^/]+\//, '');
  if (model !== undefined) addModel(provider, model);
  const at = path === '' ? 'override_params' : `${path}.override_params`;
  noteRest(draft, overrides, at, {
    read: ['model'],
    otherwise: "sampling and length are the caller's, or those of quality_mode, balanced_mode and speed_mode",
  });
  return model;
}

function headersOf(draft: Draft, provider: DraftProvider, target: JsonObject, path: string): void {
  const headers: Record<string, unknown> = {};
  if (target.openai_organization !== undefined) headers['openai-organization'] = target.openai_organization;
  if (target.openai_project !== undefined) headers['openai-project'] = target.openai_project;
  addHeaders(draft, provider, headers, path);
}

/** Portkey takes `customHost` as well as `custom_host`. */
export function snakeCase(config: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
