import { gemini } from '../../packages/format-gemini/src/index.ts';
import { assembleGeminiAnswer, assembleGeminiChunks } from '../assemble/gemini.ts';
import type { RecordedFormat } from '../recorded-format.ts';

/** Google's generateContent. */
export const GEMINI: RecordedFormat = {
  endpoint: 'google.generateContent',
  format: gemini,
  assemble: assembleGeminiAnswer,
  assembleList: assembleGeminiChunks,
  quirks: {},
  answerLimits: [],
  requestDifferences: [],
  answerDifferences: [],
};
