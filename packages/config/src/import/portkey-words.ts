import type { Reasons } from './draft.ts';
import type { Format } from './foreign-provider.ts';

/** Portkey's names of providers, and what we call them. */
export const PORTKEY_PROVIDERS: Readonly<Record<string, string>> = {
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

/** What is spoken at a host of its own, by Portkey's name of the provider; all others speak Chat Completions. */
export const PORTKEY_FORMATS: Readonly<Record<string, Format>> = {
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

/** Keys of a config or target that the import reads. */
export const PORTKEY_TARGET_KEYS = [
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
