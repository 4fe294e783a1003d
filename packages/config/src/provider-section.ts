import * as z from 'zod';
import { count, rate, rateLimit, text, timeout } from './leaf-schemas.ts';
import type { ModelConfiguration } from './provider-configuration.ts';

const limitFields = {
  rate_limit: rateLimit.optional().describe('Requests in a time, e.g. 50/minute.'),
  tokens_per_minute: count.optional().describe('Tokens of input and output together.'),
  max_concurrent: count.optional().describe('Calls under way at once.'),
};

const modelFields = {
  cost_per_1k_tokens: z
    .strictObject({
      input: rate.describe('Dollars for 1,000 tokens of input.'),
      output: rate.describe('Dollars for 1,000 tokens of output.'),
    })
    .optional()
    .describe('Dollars for 1,000 tokens; takes the place of the catalogue price.'),
  max_tokens: count.optional().describe('Context window: tokens of input and output together.'),
  max_output_tokens: count.optional().describe('Tokens of output at most.'),
  timeout: timeout.optional().describe("Time to this model's first content, e.g. 90s; instead of the provider's."),
  idle_timeout: timeout
    .optional()
    .describe("Time between two pieces of this model's answer; instead of the provider's."),
  ...limitFields,
};

function toModel(fields: z.output<z.ZodObject<typeof modelFields>>, name: string): ModelConfiguration {
  return {
    name,
    contextWindow: fields.max_tokens,
    maxOutputTokens: fields.max_output_tokens,
    ratesPer1k: fields.cost_per_1k_tokens,
    timeoutMs: fields.timeout,
    idleTimeoutMs: fields.idle_timeout,
    rateLimit: fields.rate_limit,
    tokensPerMinute: fields.tokens_per_minute,
    maxConcurrent: fields.max_concurrent,
  };
}

const modelName = text.describe('The id that is sent to the provider.');

// Under a short name the name itself may be left out: it is the short name then.
const namedModel = z.strictObject({ name: modelName.optional(), ...modelFields });
const listedModel = z.strictObject({ name: modelName, ...modelFields });

const modelMap = z.record(z.string(), z.union([text, namedModel]).optional()).transform((models) =>
  Object.fromEntries(
    Object.entries(models).map(([short, model]): [string, ModelConfiguration] => {
      if (model === undefined || typeof model === 'string') return [short, { name: model ?? short }];
      return [short, toModel(model, model.name ?? short)];
    }),
  ),
);

const modelList = z.array(z.union([text, listedModel])).transform((models) =>
  Object.fromEntries(
    models.map((model): [string, ModelConfiguration] => {
      if (typeof model === 'string') return [model, { name: model }];
      return [model.name, toModel(model, model.name)];
    }),
  ),
);

const endpoint = z.string().refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
  error: 'expected an address such as https://api.example.com/v1',
});

const headerValue = z.string().refine((value) => !/[\r\n\0]/.test(value), { error: 'expected text of one line' });

const providerSection = z
  .strictObject({
    // An empty key is no key: `${VAR}` with an empty variable.
    api_key: z
      .string()
      .transform((value) => (value.trim() === '' ? undefined : value.trim()))
      .optional()
      .describe(`The key; write \${VARIABLE} to take it from the environment or .env.`),
    api_keys: z
      // A variable that is not set leaves a hole.
      .array(z.string({ error: 'expected text' }).optional())
      .min(1, { error: 'expected at least one key' })
      .transform((values) => {
        const keys = new Set(
          values.map((value) => value?.trim()).filter((value) => value !== undefined && value !== ''),
        );
        return keys.size === 0 ? undefined : ([...keys] as readonly string[]);
      })
      .optional()
      .describe('Several keys of the same account rights, used in turns: a list of what api_key takes.'),
    credentials: z
      .enum(['own', 'caller'])
      .optional()
      .describe(
        "caller: the gateway's callers show their own credential, which goes to this provider instead of a key. Default own.",
      ),
    endpoint: endpoint.optional().describe('Base address, with or without the version path.'),
    models: z
      .union([modelList, modelMap], { error: 'expected a list of models, or a map of short names to models' })
      .optional()
      .describe('The models to offer: a list of names, or short names with names or settings.'),
    default: text.optional().describe('The model to use when only the provider is named.'),
    timeout: timeout
      .optional()
      .describe(
        'Time to the first content of a stream, and for the whole of an answer that is not streamed. Default 12s, more for models that think.',
      ),
    idle_timeout: timeout
      .optional()
      .describe('Time between two pieces of an answer. Default 15s, more for models that think.'),
    connect_timeout: timeout.optional().describe('Time to connect. Default 5s.'),
    ...limitFields,
    headers: z.record(z.string(), headerValue).optional().describe('Headers for every call.'),
    type: text
      .optional()
      .describe(
        'What kind of server it is, where its own name does not say it: openai-compatible, ollama, a known provider.',
      ),
    package: text.optional().describe("A third party's provider: npm package or path."),
    options: z.record(z.string(), z.unknown()).optional().describe("Settings that are the provider's own."),
  })
  .describe('One provider.');

export const providersSection = z.record(z.string(), providerSection.optional()).describe('Providers by name.');

/** Keys that make a map a provider's block. */
export const PROVIDER_KEYS: readonly string[] = Object.keys(providerSection.shape);
