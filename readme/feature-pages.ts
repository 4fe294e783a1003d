import type { ProviderFixtures, WireFormatFixtures } from '../packages/conformance/src/index.ts';
import type { ProviderDefinition, WireFormat } from '../packages/core/src/index.ts';
import { anthropicMessages } from '../packages/format-anthropic/src/index.ts';
import { gemini } from '../packages/format-gemini/src/index.ts';
import { ollamaChat } from '../packages/format-ollama/src/index.ts';
import { openaiChat, openaiResponses } from '../packages/format-openai/src/index.ts';
import { anthropic } from '../packages/provider-anthropic/src/index.ts';
import { google } from '../packages/provider-google/src/index.ts';
import { ollama } from '../packages/provider-ollama/src/index.ts';
import { openai } from '../packages/provider-openai/src/index.ts';
import { anyServer } from '../packages/provider-openai-compatible/src/index.ts';
import { formatFeatures } from './format-features.ts';
import { providerFeatures } from './provider-features.ts';

/** A README whose features come out of the conformance suite. */
export interface FeaturePage {
  readonly folder: string;
  /** The text between the page's marks. */
  features(): Promise<string>;
}

const bearer = { header: 'authorization', value: (apiKey: string) => `Bearer ${apiKey}` };
const header = (name: string) => ({ header: name, value: (apiKey: string) => apiKey });

const FORMATS: readonly (readonly [folder: string, formats: readonly (readonly [WireFormat, WireFormatFixtures])[]])[] =
  [
    ['format-anthropic', [[anthropicMessages, { path: '/v1/messages', issuer: 'anthropic' }]]],
    ['format-gemini', [[gemini, { path: '/v1beta/models/sample-model:generateContent', issuer: 'google' }]]],
    ['format-ollama', [[ollamaChat, { path: '/api/chat' }]]],
    [
      'format-openai',
      [
        [openaiChat, { path: '/v1/chat/completions' }],
        [openaiResponses, { path: '/v1/responses', issuer: 'openai-responses:sample-provider' }],
      ],
    ],
  ];

const PROVIDERS: readonly (readonly [folder: string, ProviderDefinition, ProviderFixtures])[] = [
  ['provider-anthropic', anthropic, { versionPath: '/v1', authentication: header('x-api-key') }],
  ['provider-google', google, { versionPath: '/v1beta', authentication: header('x-goog-api-key') }],
  ['provider-ollama', ollama, {}],
  ['provider-openai', openai, { versionPath: '/v1', authentication: bearer }],
  ['provider-openai-compatible', anyServer, { versionPath: '/v1' }],
];

const TRANSLATION =
  'Field by field, and what becomes of it in the other formats: [docs/translation.md](../../docs/translation.md).';

export const FEATURE_PAGES: readonly FeaturePage[] = [
  ...FORMATS.map(([folder, formats]) => ({
    folder,
    async features() {
      const parts: string[] = [];
      for (const [format, fixtures] of formats) {
        const features = await formatFeatures(format, fixtures);
        parts.push(formats.length === 1 ? features : `\`${format.id}\`:\n\n${features}`);
      }
      return [...parts, TRANSLATION].join('\n\n');
    },
  })),
  ...PROVIDERS.map(([folder, definition, fixtures]) => ({
    folder,
    features: () => providerFeatures(definition, fixtures),
  })),
];
