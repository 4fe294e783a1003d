import type { Preset } from './preset.ts';
import { CLOUD, COMPATIBLE } from './preset-defaults.ts';

/** Services of vendors; where the facts are from stands with `PRESETS`. */
export const CLOUD_PRESETS: readonly Preset[] = [
  {
    id: 'mistral',
    displayName: 'Mistral AI',
    ...CLOUD,
    endpoint: 'https://api.mistral.ai',
    keyVariables: ['MISTRAL_API_KEY'],
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
    ...CLOUD,
    endpoint: 'https://api.groq.com/openai',
    keyVariables: ['GROQ_API_KEY'],
    forwards: false,
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
    ...CLOUD,
    endpoint: 'https://api.deepseek.com',
    // /v1 and /beta work as well: an endpoint is taken as it is written.
    versionPath: '',
    keyVariables: ['DEEPSEEK_API_KEY'],
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
    ...CLOUD,
    endpoint: 'https://api.x.ai',
    keyVariables: ['XAI_API_KEY'],
    forwards: false,
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
    ...CLOUD,
    endpoint: 'https://openrouter.ai/api',
    keyVariables: ['OPENROUTER_API_KEY'],
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
  },
  {
    id: 'together',
    displayName: 'Together AI',
    ...CLOUD,
    endpoint: 'https://api.together.xyz',
    keyVariables: ['TOGETHER_API_KEY', 'TOGETHER_AI_API_KEY'],
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
    ...CLOUD,
    endpoint: 'https://api.cerebras.ai',
    keyVariables: ['CEREBRAS_API_KEY'],
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
    ...CLOUD,
    endpoint: 'https://api.perplexity.ai',
    versionPath: '',
    keyVariables: ['PERPLEXITY_API_KEY'],
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
    ...CLOUD,
    endpoint: 'https://api.moonshot.ai',
    keyVariables: ['MOONSHOT_API_KEY'],
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
    ...CLOUD,
    endpoint: 'https://dashscope-intl.aliyuncs.com/compatible-mode',
    keyVariables: ['DASHSCOPE_API_KEY', 'ALIBABA_API_KEY'],
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
    ...CLOUD,
    // Its coding plan is at https://api.z.ai/api/coding/paas/v4, China at https://open.bigmodel.cn/api/paas/v4.
    endpoint: 'https://api.z.ai/api',
    versionPath: '/paas/v4',
    keyVariables: ['ZAI_API_KEY', 'ZHIPU_API_KEY'],
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
    ...CLOUD,
    // https://RESOURCE.openai.azure.com; a deployment's name is the model. An older API version is said in the endpoint:
    // https://RESOURCE.openai.azure.com/openai/deployments/DEPLOYMENT?api-version=2024-10-21
    endpoint: '',
    versionPath: '/openai/v1',
    keyVariables: ['AZURE_OPENAI_API_KEY', 'AZURE_API_KEY'],
    authentication: 'api-key',
    forwards: true,
    quirks: { userField: 'user', promptCacheKey: false },
  },
];
