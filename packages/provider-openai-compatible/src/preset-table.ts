import type { Quirks } from '@signalbox/core';
import type { Preset } from './preset.ts';

/**
 * What only OpenAI itself (and Azure, which runs its models) understands: everyone else is spared it. `max_tokens` is the one
 * name of the output limit that all of them know.
 */
const COMPATIBLE: Quirks = {
  maxTokensField: 'max_tokens',
  userField: 'user',
  developerRole: false,
  allowedTools: false,
  promptCacheKey: false,
};

/** For servers that nobody told us about. */
export const ANY_SERVER: Preset = {
  id: 'openai-compatible',
  displayName: 'An OpenAI-compatible server',
  endpoint: '',
  versionPath: '/v1',
  keyVariables: [],
  authentication: 'bearer',
  local: false,
  forwards: true,
  quirks: COMPATIBLE,
  shortNames: {},
};

/**
 * The presets. Facts are from the vendors' public documentation as of November 2026 and from recorded traffic; a line without
 * a quirk says that the server keeps to the format there.
 */
export const PRESETS: readonly Preset[] = [
  {
    id: 'mistral',
    displayName: 'Mistral AI',
    endpoint: 'https://api.mistral.ai',
    versionPath: '/v1',
    keyVariables: ['MISTRAL_API_KEY'],
    authentication: 'bearer',
    local: false,
    // 422 "Extra inputs are not permitted" for whatever it does not know, max_completion_tokens included.
    forwards: false,
    quirks: {
      ...COMPATIBLE,
      seedField: 'random_seed',
      requiredToolChoice: 'any',
      toolCallIdLength: 9,
      reasoningField: 'content',
      // Every stream reports its usage, and stream_options are an extra input.
      streamUsage: false,
      messageNames: false,
      knownFields:
        'model messages max_tokens min_tokens temperature top_p stop random_seed n stream response_format tools tool_choice ' +
        'parallel_tool_calls presence_penalty frequency_penalty prediction prompt_mode reasoning_effort safe_prompt',
    },
    shortNames: {
      default: 'mistral-large-latest',
      large: 'mistral-large-latest',
      medium: 'mistral-medium-latest',
      small: 'mistral-small-latest',
      codestral: 'codestral-latest',
    },
  },
  {
    id: 'groq',
    displayName: 'Groq',
    endpoint: 'https://api.groq.com/openai',
    versionPath: '/v1',
    keyVariables: ['GROQ_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: true,
    quirks: {
      ...COMPATIBLE,
      maxTokensField: 'max_completion_tokens',
      reasoningField: 'reasoning',
      // 400 where they are there (console.groq.com/docs/openai).
      refusedFields: 'logprobs top_logprobs logit_bias',
      messageNames: false,
    },
    shortNames: { default: 'openai/gpt-oss-120b', 'gpt-oss': 'openai/gpt-oss-120b', llama: 'llama-3.3-70b-versatile' },
  },
  {
    id: 'deepseek',
    displayName: 'DeepSeek',
    endpoint: 'https://api.deepseek.com',
    // /v1 and /beta work as well: an endpoint is taken as it is written.
    versionPath: '',
    keyVariables: ['DEEPSEEK_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: false,
    quirks: {
      ...COMPATIBLE,
      // The reasoning of a turn with tool calls must come back with it.
      reasoningField: 'reasoning_content',
      reasoningParameter: 'thinking',
      jsonSchema: false,
      strictTools: false,
      parallelToolCalls: false,
      maxStopSequences: 16,
    },
    shortNames: { default: 'deepseek-v4-flash', flash: 'deepseek-v4-flash', pro: 'deepseek-v4-pro' },
  },
  {
    id: 'xai',
    displayName: 'xAI (Grok)',
    endpoint: 'https://api.x.ai',
    versionPath: '/v1',
    keyVariables: ['XAI_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: true,
    quirks: {
      ...COMPATIBLE,
      maxTokensField: 'max_completion_tokens',
      // Its reasoning models answer these with an error.
      reasoningRefusedFields: 'presence_penalty frequency_penalty stop',
    },
    shortNames: { default: 'grok-4.3', grok: 'grok-4.3' },
  },
  {
    id: 'openrouter',
    displayName: 'OpenRouter',
    endpoint: 'https://openrouter.ai/api',
    versionPath: '/v1',
    keyVariables: ['OPENROUTER_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: true,
    quirks: {
      ...COMPATIBLE,
      developerRole: true,
      reasoningParameter: 'reasoning',
      reasoningField: 'reasoning',
      reasoningDetails: true,
      cacheMarks: 'cache_control',
      topK: true,
      minP: true,
      videoUrl: true,
      fileUrls: true,
      stopWithoutSampling: true,
    },
    // It serves other vendors' models under its own names, and they change daily: none is listed here.
    shortNames: {},
  },
  {
    id: 'together',
    displayName: 'Together AI',
    endpoint: 'https://api.together.xyz',
    versionPath: '/v1',
    keyVariables: ['TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: true,
    quirks: { ...COMPATIBLE, reasoningField: 'reasoning', topK: true, minP: true },
    shortNames: {
      default: 'openai/gpt-oss-120b',
      'gpt-oss': 'openai/gpt-oss-120b',
      llama: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
      kimi: 'moonshotai/Kimi-K2.6',
    },
  },
  {
    id: 'cerebras',
    displayName: 'Cerebras',
    endpoint: 'https://api.cerebras.ai',
    versionPath: '/v1',
    keyVariables: ['CEREBRAS_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: false,
    quirks: {
      ...COMPATIBLE,
      maxTokensField: 'max_completion_tokens',
      reasoningField: 'reasoning',
      // 400 where they are there.
      refusedFields: 'frequency_penalty presence_penalty logit_bias service_tier',
      parallelToolCalls: false,
    },
    shortNames: { default: 'gpt-oss-120b', 'gpt-oss': 'gpt-oss-120b' },
  },
  {
    id: 'perplexity',
    displayName: 'Perplexity',
    endpoint: 'https://api.perplexity.ai',
    versionPath: '',
    keyVariables: ['PERPLEXITY_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: false,
    quirks: {
      ...COMPATIBLE,
      topK: true,
      strictTools: false,
      parallelToolCalls: false,
    },
    shortNames: { default: 'sonar-pro' },
  },
  {
    id: 'moonshot',
    displayName: 'Moonshot AI (Kimi)',
    endpoint: 'https://api.moonshot.ai',
    versionPath: '/v1',
    keyVariables: ['MOONSHOT_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: false,
    quirks: {
      ...COMPATIBLE,
      reasoningField: 'reasoning_content',
      reasoningParameter: 'thinking',
      // "tool_choice: required" is not supported; a named tool is not either.
      requiredToolChoice: 'auto',
      namedToolChoice: false,
      parallelToolCalls: false,
    },
    shortNames: { default: 'kimi-k2.6', kimi: 'kimi-k2.6' },
  },
  {
    id: 'qwen',
    displayName: 'Alibaba Cloud (Qwen)',
    endpoint: 'https://dashscope-intl.aliyuncs.com/compatible-mode',
    versionPath: '/v1',
    keyVariables: ['DASHSCOPE_API_KEY', 'ALIBABA_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: false,
    quirks: {
      ...COMPATIBLE,
      reasoningField: 'reasoning_content',
      reasoningParameter: 'enable_thinking',
      topK: true,
      videoUrl: true,
      strictTools: false,
      // A call can't be demanded, only a certain tool.
      requiredToolChoice: 'auto',
    },
    shortNames: { default: 'qwen3.7-plus', plus: 'qwen3.7-plus', max: 'qwen3.7-max', coder: 'qwen3-coder-plus' },
  },
  {
    id: 'zai',
    displayName: 'Z.ai (GLM)',
    // Its coding plan is at https://api.z.ai/api/coding/paas/v4, China at https://open.bigmodel.cn/api/paas/v4.
    endpoint: 'https://api.z.ai/api',
    versionPath: '/paas/v4',
    keyVariables: ['ZAI_API_KEY', 'ZHIPU_API_KEY'],
    authentication: 'bearer',
    local: false,
    forwards: false,
    quirks: {
      ...COMPATIBLE,
      userField: 'user_id',
      reasoningField: 'reasoning_content',
      reasoningParameter: 'thinking',
      // "auto" is all that it takes.
      requiredToolChoice: 'auto',
      namedToolChoice: false,
      jsonSchema: false,
      strictTools: false,
      parallelToolCalls: false,
      maxStopSequences: 1,
      videoUrl: true,
      fileUrls: true,
    },
    shortNames: { default: 'glm-5.2', glm: 'glm-5.2', air: 'glm-4.5-air' },
  },
  {
    id: 'azure',
    displayName: 'Azure OpenAI',
    // https://RESOURCE.openai.azure.com; a deployment's name is the model. An older API version is said in the endpoint:
    // https://RESOURCE.openai.azure.com/openai/deployments/DEPLOYMENT?api-version=2024-10-21
    endpoint: '',
    versionPath: '/openai/v1',
    keyVariables: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
    authentication: 'api-key',
    local: false,
    forwards: true,
    quirks: { userField: 'user', promptCacheKey: false },
    shortNames: {},
  },
  {
    id: 'vllm',
    displayName: 'vLLM',
    endpoint: 'http://localhost:8000',
    versionPath: '/v1',
    keyVariables: [],
    authentication: 'bearer',
    local: true,
    forwards: true,
    quirks: { ...COMPATIBLE, reasoningField: 'reasoning', topK: true, minP: true, videoUrl: true },
    shortNames: {},
  },
  {
    id: 'lmstudio',
    displayName: 'LM Studio',
    endpoint: 'http://localhost:1234',
    versionPath: '/v1',
    keyVariables: [],
    authentication: 'bearer',
    local: true,
    // "'response_format.type' must be 'json_schema' or 'text'", "Invalid tool_choice type: 'object'".
    forwards: false,
    quirks: { ...COMPATIBLE, jsonObject: false, namedToolChoice: false, topK: true, minP: true },
    shortNames: {},
  },
  {
    id: 'llamacpp',
    displayName: 'llama.cpp server',
    endpoint: 'http://localhost:8080',
    versionPath: '/v1',
    keyVariables: [],
    authentication: 'bearer',
    local: true,
    forwards: true,
    quirks: {
      ...COMPATIBLE,
      // tool_choice is read as a word; an object would be taken for "auto".
      namedToolChoice: false,
      reasoningField: 'reasoning_content',
      topK: true,
      minP: true,
    },
    shortNames: {},
  },
];
