import { openaiChat } from '../../packages/format-openai/src/index.ts';
import { assembleChatCompletion } from '../assemble/openai-chat.ts';
import type { RecordedFormat } from '../recorded-format.ts';

/** Chat Completions, OpenAI's and everybody's. */
export const OPENAI_CHAT: RecordedFormat = {
  endpoint: 'openai.chat',
  format: openaiChat,
  assemble: assembleChatCompletion,
  quirks: {
    topK: true,
    minP: true,
    reasoningField: 'reasoning_content',
    reasoningDetails: true,
    extraContent: true,
    fileUrls: true,
    videoUrl: true,
    maxStopSequences: 100,
    maxToolCallIdLength: 200,
    maxIdentifierLength: 200,
  },
  quirksFor: (body) => ({
    cacheMarks: JSON.stringify(body).includes('"prompt_cache_breakpoint"')
      ? 'prompt_cache_breakpoint'
      : 'cache_control',
  }),
  answerLimits: [],
  requestDifferences: [],
  answerDifferences: [],
};
