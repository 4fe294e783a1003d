import { openaiResponses } from '../../packages/format-openai/src/index.ts';
import { assembleResponse } from '../assemble/openai-responses.ts';
import type { RecordedFormat } from '../recorded-format.ts';

/** OpenAI's Responses. */
export const OPENAI_RESPONSES: RecordedFormat = {
  endpoint: 'openai.responses',
  format: openaiResponses,
  assemble: assembleResponse,
  quirks: {},
  answerLimits: [],
  requestDifferences: [],
  answerDifferences: [],
};
