import { gemini } from '../../packages/format-gemini/src/index.ts';
import { assembleGeminiAnswer, assembleGeminiChunks, joinParts } from '../assemble/gemini.ts';
import type { RecordedFormat } from '../recorded-format.ts';
import {
  camelCased,
  comparableCandidate,
  comparableConfig,
  comparableContents,
  comparableInstruction,
  comparableToolConfig,
  comparableTools,
} from './gemini-spelling.ts';

const ZERO = 'a figure that is absent is zero';
const OWN_JSON = "a function's arguments and response are the caller's own JSON";

/** Google's generateContent. */
export const GEMINI: RecordedFormat = {
  endpoint: 'google.generateContent',
  format: gemini,
  assemble: assembleGeminiAnswer,
  assembleList: assembleGeminiChunks,
  quirks: {},
  answerLimits: [
    { what: 'other', because: 'there is no word for an end of unknown kind' },
    { what: 'pause', because: 'only Google gives the token by which its callers go on: it reads as cut at its length' },
    { what: 'cache write usage', because: "Google's caches are filled apart from requests" },
  ],
  requestDifferences: [
    { at: 'contents[].parts[].functionCall.args', nullMatters: true, because: OWN_JSON },
    { at: 'contents[].parts[].functionResponse.response', nullMatters: true, because: OWN_JSON },
    { at: '', sameAs: camelCased, because: 'Google takes names in snake_case as well' },
    { at: 'model', sameAs: () => undefined, because: 'the model stands in the path; some libraries repeat it' },
    {
      at: 'systemInstruction',
      sameAs: comparableInstruction,
      because: 'its texts are joined, and its role says nothing',
    },
    {
      at: 'contents',
      sameAs: comparableContents,
      because: 'turns of one role in a row are one, responses of functions stand first',
    },
    { at: '', sameAs: comparableToolConfig, because: 'AUTO is the default, and a choice among no functions is none' },
    { at: 'tools', sameAs: comparableTools, because: 'functions stand in one tool, schemas have two spellings' },
    {
      at: 'generationConfig',
      sameAs: comparableConfig,
      because: 'schemas have two spellings, some values are the default',
    },
    { at: 'generationConfig.stopSequences', absentMeans: [], because: 'no sequences' },
    { at: 'generationConfig', absentMeans: {}, because: 'a configuration that says nothing' },
    { at: 'serviceTier', sameAs: (tier) => String(tier).toLowerCase(), because: 'enums in capitals are the same' },
  ],
  answerDifferences: [
    { at: 'candidates[].content.parts[].functionCall.args', nullMatters: true, because: OWN_JSON },
    { at: 'responseId', mayBeAdded: true, because: 'we name answers that have no name' },
    { at: 'modelVersion', mayBeAdded: true, because: 'we name the model where Google does not' },
    {
      at: 'candidates[]',
      sameAs: comparableCandidate,
      because: 'numbered enums are words, and what only says the default goes',
    },
    { at: 'usageMetadata.totalTokenCount', sameAs: () => undefined, because: 'the sum of the other figures' },
    ...[
      'promptTokenCount',
      'candidatesTokenCount',
      'thoughtsTokenCount',
      'cachedContentTokenCount',
      'toolUsePromptTokenCount',
    ].map((figure) => ({ at: `usageMetadata.${figure}`, absentMeans: 0, because: ZERO })),
    { at: 'usageMetadata', absentMeans: {}, because: 'figures that are all zero' },
  ],
  replayDifferences: [
    {
      at: 'candidates[].content.parts',
      sameAs: (parts) => joinParts([], parts),
      because: 'in a stream, neighbouring texts are one text',
    },
  ],
};
