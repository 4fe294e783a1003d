import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import { addModel, change, leaveOut, noteRest, providerIn, type Reasons, setIn, timeOf } from './draft.ts';
import { type Format, type Placement, placeAddress, providerName, settle } from './foreign-provider.ts';
import type { Draft, DraftProvider, KnownProvider } from './imported.ts';
import { addHeaders, addKey } from './secret-reference.ts';

const PROVIDERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  'azure-openai': 'azure',
  'mistral-ai': 'mistral',
  groq: 'groq',
  deepseek: 'deepseek',
  'x-ai': 'xai',
  openrouter: 'openrouter',
  'together-ai': 'together',
  cerebras: 'cerebras',
  'perplexity-ai': 'perplexity',
  moonshot: 'moonshot',
  dashscope: 'qwen',
  zhipu: 'zai',
  'z-ai': 'zai',
  ollama: 'local',
  lmstudio: 'lmstudio',
};

const FORMATS: Readonly<Record<string, Format>> = {
  anthropic: 'anthropic-compatible',
  google: 'gemini-compatible',
  ollama: 'ollama',
};

const GUARDS = 'guardrails run at Portkey; here hooks do that (docs/hooks.md)';

/** Why keys of a config, a target or a strategy are left out. */
export const PORTKEY_REASONS: Reasons = {
  on_status_codes: 'who is asked next follows the kind of failure (docs/reliability.md)',
  before_request_hooks: GUARDS,
  after_request_hooks: GUARDS,
  input_guardrails: GUARDS,
  output_guardrails: GUARDS,
  default_input_guardrails: GUARDS,
  default_output_guardrails: GUARDS,
  input_mutators: GUARDS,
  output_mutators: GUARDS,
  forward_headers: "callers' headers are passed on where they are safe (docs/gateway.md)",
  passthrough: 'a request in the format of its provider is passed on as it came anyway',
  cb_config: 'a breaker for each model and key is built in (docs/reliability.md)',
  prompt_id: 'prompts are not kept here',
  api_version: 'the current version of the API is called; write an older one into the endpoint as ?api-version=…',
  'aws_*': 'AWS credentials are not used',
  'vertex_*': 'Vertex credentials are not used',
  id: 'targets have no ids',
  index: 'targets have no ids',
  strict_open_ai_compliance: 'answers are in the format that the caller speaks',
};

const TARGET_KEYS = [
  'name',
  'provider',
  'virtual_key',
  'api_key',
  'custom_host',
  'override_params',
  'weight',
  'strategy',
  'targets',
  'retry',
  'cache',
  'request_timeout',
  'resource_name',
  'deployment_id',
  'openai_organization',
  'openai_project',
];

/** One leaf: a provider, or one model of it. */
export interface Target {
  readonly name: string | undefined;
  readonly provider: string;
  /** As a chain names it: `provider/model`, or the provider alone. */
  readonly member: string;
  readonly weight: number;
}

/** The leaves of a config, targets within targets among them. What stands there for all requests goes into the draft. */
export function readTargets(
  draft: Draft,
  config: JsonObject,
  known: readonly KnownProvider[],
  path: string,
): readonly Target[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  noteRest(draft, config, path, TARGET_KEYS, PORTKEY_REASONS);
  shared(draft, config, at);
  const nested = asArray(config.targets);
  if (nested.length === 0) {
    const target = readTarget(draft, config, known, path);
    return target === undefined ? [] : [target];
  }
  if (path !== '') change(draft, at('targets'), 'targets within targets are taken as one list');
  const inherited = Object.fromEntries(
    Object.entries(config).filter(([key]) => ['override_params', 'custom_host'].includes(key)),
  );
  return nested.flatMap((one, index) =>
    readTargets(draft, { ...inherited, ...snakeCase(asObject(one) ?? {}) }, known, at(`targets[${index}]`)),
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
    noteRest(
      draft,
      retry,
      at('retry'),
      ['attempts'],
      PORTKEY_REASONS,
      'what a provider asks for is never undercut (docs/reliability.md)',
    );
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

function readTarget(
  draft: Draft,
  target: JsonObject,
  known: readonly KnownProvider[],
  path: string,
): Target | undefined {
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
  const vendor =
    PROVIDERS[foreign] ??
    Object.entries(PROVIDERS).find(([name]) => foreign.startsWith(`${name}-`) || foreign.startsWith(`${name}_`))?.[1];
  const host = asString(target.custom_host);
  if (vendor === undefined && host === undefined) {
    leaveOut(draft, where, `nobody here speaks the API of "${foreign}", or nothing says whose it is`);
    return undefined;
  }
  const name = placeTarget(draft, vendor, foreign, host, target, known, path);
  const provider = providerIn(draft, name);
  const found = known.find((one) => one.name === (provider.type ?? name));
  if (kept !== undefined && asString(target.api_key) === undefined)
    change(
      draft,
      `${path === '' ? '' : `${path}.`}${kept}`,
      `the key lies at Portkey: put it into ${found?.keyVariable ?? 'the environment'}`,
    );
  addKey(
    draft,
    name,
    provider,
    found,
    asString(target.api_key) ?? (kept === undefined ? undefined : `$${found?.keyVariable ?? ''}`),
  );
  const model = readOverrides(draft, provider, target, path);
  headersOf(draft, name, provider, target, path);
  return {
    name: asString(target.name),
    provider: name,
    member: model === undefined ? name : `${name}/${model}`,
    weight: asNumber(target.weight) ?? 1,
  };
}

function placeTarget(
  draft: Draft,
  vendor: string | undefined,
  foreign: string,
  host: string | undefined,
  target: JsonObject,
  known: readonly KnownProvider[],
  path: string,
): string {
  const own = vendor ?? providerName(foreign);
  const resource = asString(target.resource_name);
  const azure = vendor === 'azure' && resource !== undefined ? `https://${resource}.openai.azure.com` : undefined;
  const place: Placement =
    host === undefined
      ? { endpoint: azure }
      : placeAddress(draft, own, host, FORMATS[foreign] ?? 'openai-compatible', known, `${path}.custom_host`);
  const isServer = place.type?.endsWith('-compatible') === true && host !== undefined && URL.canParse(host);
  const wanted = isServer ? providerName(new URL(host).hostname) : own;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    const there = draft.providers.get(name);
    if (there !== undefined && there.endpoint !== place.endpoint) continue;
    const type = place.type ?? own;
    settle(providerIn(draft, name), { ...place, type: type === name ? undefined : type });
    return name;
  }
}

function readOverrides(draft: Draft, provider: DraftProvider, target: JsonObject, path: string): string | undefined {
  const overrides = asObject(target.override_params) ?? {};
  const model = (asString(overrides.model) ?? asString(target.deployment_id))?.replace(/^@[^/]+\//, '');
  if (model !== undefined) addModel(provider, model);
  const at = path === '' ? 'override_params' : `${path}.override_params`;
  noteRest(
    draft,
    overrides,
    at,
    ['model'],
    {},
    "sampling and length are the caller's, or those of quality_mode, balanced_mode and speed_mode",
  );
  return model;
}

function headersOf(draft: Draft, name: string, provider: DraftProvider, target: JsonObject, path: string): void {
  const headers: Record<string, unknown> = {};
  if (target.openai_organization !== undefined) headers['openai-organization'] = target.openai_organization;
  if (target.openai_project !== undefined) headers['openai-project'] = target.openai_project;
  addHeaders(draft, name, provider, headers, path);
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
