import { asNumber, asObject, asString, type JsonObject } from '@signalbox/core';
import { addModel, change, leaveOut, noteRest, type Reasons, timeOf } from './draft.ts';
import { type Format, type Placement, placeAddress, providerAt, providerName } from './foreign-provider.ts';
import type { Draft, DraftProvider } from './imported.ts';
import { addHeaders, addKey, withOurReference } from './secret-reference.ts';

// The format: docs.litellm.ai/docs/proxy/configs and /docs/providers, as of October 2026.

/** What stands before the slash of `litellm_params.model`, and what we call it. */
const PREFIXES: Readonly<Record<string, string>> = {
  openai: 'openai',
  'text-completion-openai': 'openai',
  azure: 'azure',
  azure_ai: 'azure',
  anthropic: 'anthropic',
  gemini: 'google',
  ollama: 'local',
  ollama_chat: 'local',
  mistral: 'mistral',
  codestral: 'mistral',
  groq: 'groq',
  deepseek: 'deepseek',
  xai: 'xai',
  openrouter: 'openrouter',
  together_ai: 'together',
  cerebras: 'cerebras',
  perplexity: 'perplexity',
  moonshot: 'moonshot',
  dashscope: 'qwen',
  zai: 'zai',
  hosted_vllm: 'vllm',
  vllm: 'vllm',
  lm_studio: 'lmstudio',
  llamafile: 'llamacpp',
  custom_openai: 'openai-compatible',
  openai_like: 'openai-compatible',
  litellm_proxy: 'openai-compatible',
};

/** Whose models these are where no prefix says it. */
const BARE: readonly (readonly [RegExp, string])[] = [
  [/^claude/, 'anthropic'],
  [/^(?:gpt-|o[1-9]|chatgpt|text-embedding)/, 'openai'],
  [/^gemini/, 'google'],
  [/^deepseek/, 'deepseek'],
  [/^(?:mistral|codestral|magistral)/, 'mistral'],
  [/^grok/, 'xai'],
];

const OWN_SERVER: Readonly<Record<string, Format>> = {
  anthropic: 'anthropic-compatible',
  google: 'gemini-compatible',
  local: 'ollama',
};

const PARAMETER_REASONS: Readonly<Record<string, string>> = {
  weight: 'deployments of one name are tried in their order',
  order: 'deployments of one name are tried in the order of the file',
  tags: 'requests are not routed by tags',
  max_retries: 'attempts are counted for all models together: retry.max_attempts',
  num_retries: 'attempts are counted for all models together: retry.max_attempts',
  temperature: "sampling is the caller's, or that of quality_mode, balanced_mode and speed_mode",
  top_p: "sampling is the caller's, or that of quality_mode, balanced_mode and speed_mode",
  max_tokens: "how long an answer may be is the caller's to say",
  api_version: 'the current version of the API is called; write an older one into the endpoint as ?api-version=…',
  drop_params: "what a model can't express is left out and reported (strict: true refuses it)",
  'aws_*': 'AWS credentials are not used',
  'vertex_*': 'Vertex credentials are not used',
  max_budget: 'say it under budget.per_model',
  budget_duration: 'say it under budget.per_model',
};

const INFO_REASONS: Reasons = {
  id: 'deployments have no ids of their own',
  base_model: 'prices come from the catalogue, or from cost_per_1k_tokens',
  'supports_*': 'what a model can do is known from the catalogue',
  metadata: 'models carry no remarks',
  access_groups: 'what a key may use is said with the key: signalbox keys create NAME --models',
};

/** Reads one deployment. Returns how our files name it; undefined where it can't be called from here. */
export function readDeployment(
  draft: Draft,
  entry: JsonObject,
  path: string,
): { readonly name: string; readonly target: string; readonly pattern: boolean } | undefined {
  const name = asString(entry.model_name);
  const parameters = asObject(entry.litellm_params);
  const written = asString(parameters?.model);
  if (name === undefined || parameters === undefined || written === undefined) {
    leaveOut(draft, path, 'it has no model_name, or no litellm_params.model');
    return undefined;
  }
  const information = asObject(entry.model_info) ?? {};
  const mode = asString(information.mode) ?? 'chat';
  if (mode !== 'chat' && mode !== 'completion' && mode !== 'responses') {
    const reason =
      mode === 'embedding'
        ? 'embedding models are called by provider/model, without being listed'
        : `there is nothing for models of the mode "${mode}"`;
    leaveOut(draft, `${path} "${name}"`, reason);
    return undefined;
  }
  const found = vendorOf(written, asString(parameters.custom_llm_provider));
  if (found === undefined) {
    leaveOut(draft, `${path} "${name}"`, `nobody here speaks the API of "${written.split('/')[0]}"`);
    return undefined;
  }
  const provider = providerOf(draft, found.vendor, parameters, path);
  if (found.model === '*' || found.model === '') provider.everyModel = true;
  else addModel(provider, found.model, settingsOf(parameters, information));
  const read = [
    'model',
    'custom_llm_provider',
    'api_key',
    'api_base',
    'base_url',
    'rpm',
    'tpm',
    'max_parallel_requests',
    'timeout',
    'stream_timeout',
    'input_cost_per_token',
    'output_cost_per_token',
    'extra_headers',
    'organization',
  ];
  noteRest(draft, parameters, `${path}.litellm_params`, {
    read,
    reasons: PARAMETER_REASONS,
    otherwise: "it is the caller's to say",
  });
  const inInformation = [
    'mode',
    'input_cost_per_token',
    'output_cost_per_token',
    'max_tokens',
    'max_input_tokens',
    'max_output_tokens',
  ];
  noteRest(draft, information, `${path}.model_info`, { read: inInformation, reasons: INFO_REASONS });
  noteRest(draft, entry, path, { read: ['model_name', 'litellm_params', 'model_info'] });
  return { name, target: `${provider.name}/${found.model}`, pattern: found.model === '*' };
}

function vendorOf(written: string, stated: string | undefined): { vendor: string; model: string } | undefined {
  const slash = written.indexOf('/');
  const prefix = stated ?? (slash < 0 ? undefined : written.slice(0, slash));
  const vendor = prefix === undefined ? undefined : PREFIXES[prefix];
  if (vendor !== undefined) {
    return {
      vendor,
      model: stated === undefined || written.startsWith(`${stated}/`) ? written.slice(slash + 1) : written,
    };
  }
  if (slash >= 0) return undefined;
  const bare = BARE.find(([pattern]) => pattern.test(written))?.[1];
  return bare === undefined ? undefined : { vendor: bare, model: written };
}

/** The provider of a deployment: one for each vendor and address. */
function providerOf(draft: Draft, vendor: string, parameters: JsonObject, path: string): DraftProvider {
  const { known } = draft;
  const written = asString(parameters.api_base) ?? asString(parameters.base_url);
  const itself = known.find((one) => one.name === vendor);
  const address = written === undefined || written.startsWith('os.environ/') ? undefined : written;
  const format = OWN_SERVER[vendor] ?? 'openai-compatible';
  const place: Placement =
    address === undefined || vendor === 'azure'
      ? {
          endpoint: written && withOurReference(written),
          known: itself,
          type: itself === undefined ? format : undefined,
        }
      : placeAddress(draft, { name: vendor, address, format }, `${path}.litellm_params.api_base`);
  const kind = place.type === undefined ? vendor : place.type;
  // A server of nobody's is called by its host; one kind at several addresses is numbered.
  const isOwn = place.endpoint !== undefined && place.type?.endsWith('-compatible') === true && address !== undefined;
  const wanted = isOwn
    ? providerName(new URL(address).hostname)
    : known.some((one) => one.name === kind)
      ? kind
      : vendor;
  const provider = providerAt(draft, wanted, kind, place);
  const before = provider.keyVariables.size;
  addKey(draft, provider, place.known, asString(parameters.api_key));
  if (before > 0 && provider.keyVariables.size > before) {
    change(
      draft,
      `${path}.litellm_params.api_key`,
      `a further key of ${provider.name}; all its keys are used in turns, for all its models`,
    );
  }
  addHeaders(draft, provider, asObject(parameters.extra_headers) ?? {}, `${path}.litellm_params.extra_headers`);
  const organization = asString(parameters.organization);
  if (organization !== undefined)
    addHeaders(draft, provider, { 'openai-organization': organization.replace(/^os\.environ\//, '$') }, path);
  return provider;
}

function settingsOf(parameters: JsonObject, information: JsonObject): Record<string, unknown> {
  const price = (key: string) => asNumber(parameters[key]) ?? asNumber(information[key]);
  const [input, output] = [price('input_cost_per_token'), price('output_cost_per_token')];
  const seconds = asNumber(parameters.stream_timeout) ?? asNumber(parameters.timeout);
  const rpm = whole(parameters.rpm);
  return {
    cost_per_1k_tokens:
      input === undefined || output === undefined ? undefined : { input: per1k(input), output: per1k(output) },
    max_tokens: whole(information.max_input_tokens),
    max_output_tokens: whole(information.max_output_tokens) ?? whole(information.max_tokens),
    rate_limit: rpm === undefined ? undefined : `${rpm}/minute`,
    tokens_per_minute: whole(parameters.tpm),
    max_concurrent: whole(parameters.max_parallel_requests),
    timeout: timeOf(seconds === undefined ? undefined : seconds * 1_000),
  };
}

function whole(value: unknown): number | undefined {
  const number = asNumber(value);
  return number !== undefined && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Dollars for a thousand tokens, without the dust of binary fractions. */
const per1k = (perToken: number) => Number((perToken * 1_000).toPrecision(12));
