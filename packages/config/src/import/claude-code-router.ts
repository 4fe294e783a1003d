import { asArray, asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import { addModel, change, createDraft, leaveOut, noteRest, type Reasons, setIn, timeOf } from './draft.ts';
import { type Format, placeAddress, providerName, settle } from './foreign-provider.ts';
import type { Draft, DraftProvider, KnownProvider } from './imported.ts';
import { addKey } from './secret-reference.ts';

// The format: README.md and config.example.json of github.com/musistudio/claude-code-router, as of 2026.

const TOP_REASONS: Reasons = {
  APIKEY: 'the gateway has keys of its own: signalbox keys create NAME',
  HOST: 'say it when the gateway starts: signalbox serve --host',
  PORT: 'say it when the gateway starts: signalbox serve --port',
  LOG: 'say it when the gateway starts: signalbox serve --log',
  LOG_LEVEL: 'say it when the gateway starts: signalbox serve --log',
  PROXY_URL: 'calls go straight to the provider; give the provider an endpoint that leads through your proxy',
  NON_INTERACTIVE_MODE: 'no command waits for a person where no terminal is',
  CUSTOM_ROUTER_PATH:
    'write it anew as .claude-code/router.js (docs/routing.md): it gets a task and a context, not the HTTP request',
  REWRITE_SYSTEM_PROMPT: 'prompts are not rewritten',
  transformers: 'formats are translated without plugins; a provider of your own is a package (docs/providers.md)',
  Transformers: 'formats are translated without plugins; a provider of your own is a package (docs/providers.md)',
  CLAUDE_PATH: 'signalbox code finds claude on the PATH',
  StatusLine: 'what a request cost stands in "signalbox costs show"',
};

/** Transformers whose work the codecs and presets do anyway. */
const BUILT_IN = new Set([
  'anthropic',
  'openai',
  'deepseek',
  'gemini',
  'openrouter',
  'groq',
  'cerebras',
  'tooluse',
  'enhancetool',
  'cleancache',
  'reasoning',
  'streamoptions',
  'maxcompletiontokens',
  'forcereasoning',
]);

const FORMATS: Readonly<Record<string, Format>> = { anthropic: 'anthropic-compatible', gemini: 'gemini-compatible' };

/** Its scenarios; each names `provider,model`. */
const ROUTES = ['default', 'background', 'think', 'longContext', 'longContextThreshold', 'webSearch', 'image'];

/** Converts the configuration of claude-code-router. */
export function fromClaudeCodeRouter(file: JsonObject, known: readonly KnownProvider[]): Draft {
  const draft = createDraft(known);
  const names = new Map<string, string>();
  for (const [index, written] of asArray(file.Providers ?? file.providers).entries()) {
    const path = `Providers[${index}]`;
    const entry = asObject(written);
    const foreign = asString(entry?.name);
    if (entry === undefined || foreign === undefined) {
      leaveOut(draft, path, 'a provider without a name');
      continue;
    }
    const name = providerName(foreign);
    names.set(foreign, name);
    readProvider(draft, name, entry, path);
  }
  readRouter(draft, asObject(file.Router) ?? {}, names);
  const timeout = asNumber(file.API_TIMEOUT_MS) ?? Number(asString(file.API_TIMEOUT_MS) ?? Number.NaN);
  setIn(draft, 'retry', { timeout: timeOf(timeout) });
  noteRest(draft, file, '', { read: ['Providers', 'providers', 'Router', 'API_TIMEOUT_MS'], reasons: TOP_REASONS });
  return draft;
}

function readProvider(draft: Draft, name: string, entry: JsonObject, path: string): void {
  const provider: DraftProvider = { name, keyVariables: new Set(), models: new Map() };
  draft.providers.set(name, provider);
  const transformers = asObject(entry.transformer) ?? {};
  const used = asArray(transformers.use).map(transformerName);
  const format = used.map((one) => FORMATS[one]).find((one) => one !== undefined) ?? 'openai-compatible';
  const address = asString(entry.api_base_url) ?? asString(entry.baseUrl) ?? '';
  const place = placeAddress(draft, { name, address, format }, `${path}.api_base_url`);
  settle(provider, place);
  addKey(draft, provider, place.known, asString(entry.api_key));
  for (const model of asArray(entry.models)) {
    const id = asString(model) ?? asString(asObject(model)?.name);
    if (id !== undefined) addModel(provider, id);
  }
  for (const [whose, block] of Object.entries(transformers)) {
    const list = whose === 'use' ? asArray(block) : asArray(asObject(block)?.use);
    const models = whose === 'use' ? [...provider.models.keys()] : [whose];
    for (const one of list) readTransformer(draft, { provider, models }, one, `${path}.transformer.${whose}`);
  }
  noteRest(draft, entry, path, { read: ['name', 'api_base_url', 'baseUrl', 'api_key', 'models', 'transformer'] });
}

const transformerName = (one: unknown) => (asString(one) ?? asString(asArray(one)[0]) ?? '').toLowerCase();

/** Whose requests a transformer changes. */
interface Transformed {
  readonly provider: DraftProvider;
  readonly models: readonly string[];
}

function readTransformer(draft: Draft, { provider, models }: Transformed, one: unknown, path: string): void {
  const name = transformerName(one);
  const options = asObject(asArray(one)[1]);
  if (name === 'maxtoken') {
    const limit = asNumber(options?.max_tokens);
    for (const model of models) addModel(provider, model, { max_output_tokens: limit });
    return;
  }
  if (!BUILT_IN.has(name)) leaveOut(draft, `${path} "${name}"`, 'there are no transformers');
  else if (options !== undefined)
    leaveOut(draft, `${path} "${name}" options`, 'what it does is built in, its options are not');
}

function readRouter(draft: Draft, router: JsonObject, names: ReadonlyMap<string, string>): void {
  /** `provider,model` as we write it. */
  const modelOf = (key: string): string | undefined => {
    const written = asString(router[key]);
    if (written === undefined || written.trim() === '') return undefined;
    const comma = written.indexOf(',');
    const [foreign, model] = [written.slice(0, comma).trim(), written.slice(comma + 1).trim()];
    const provider = names.get(foreign);
    if (comma > 0 && provider !== undefined && model !== '') {
      const entry = draft.providers.get(provider);
      if (entry !== undefined) addModel(entry, model);
      return `${provider}/${model}`;
    }
    leaveOut(draft, `Router.${key}`, `"${written}" names no provider and model of this file`);
    return undefined;
  };
  const main = modelOf('default');
  const rules: Record<string, unknown>[] = [];
  const think = modelOf('think');
  if (think !== undefined && think !== main) {
    rules.push({ task_type: 'complex_reasoning', model: think, fallback: main });
    change(
      draft,
      'Router.think',
      'a rule for complex_reasoning: what counts is the task, not whether the caller lets the model think',
    );
  }
  const image = modelOf('image');
  if (image !== undefined) rules.push({ task_type: 'image_analysis', model: image, fallback: main });
  const long = modelOf('longContext');
  if (long !== undefined) {
    change(draft, 'Router.longContext', 'it is asked where a request does not fit the window of the default model');
  }
  if (router.longContextThreshold !== undefined) {
    leaveOut(draft, 'Router.longContextThreshold', "the models' own windows count");
  }
  if (modelOf('webSearch') !== undefined) {
    leaveOut(draft, 'Router.webSearch', 'a request that wants a search goes to a model that can search');
  }
  if (main !== undefined) {
    rules.push({ default: main, fallback: long === undefined || long === main ? undefined : long });
    setIn(draft, 'router', { default_model: main });
    setIn(draft, 'routing', {
      strategy: 'custom_rules',
      apply_to: 'all',
      background: modelOf('background'),
      rules: rules.map((rule) => Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined))),
    });
  }
  noteRest(draft, router, 'Router', {
    read: ROUTES,
    reasons: { custom: 'write it anew as .claude-code/router.js (docs/routing.md)' },
  });
}
