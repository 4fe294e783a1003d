import type { Preset } from './preset.ts';
import { COMPATIBLE, LOCAL } from './preset-defaults.ts';

/** Servers that people run on machines of their own. */
export const LOCAL_PRESETS: readonly Preset[] = [
  {
    id: 'vllm',
    displayName: 'vLLM',
    ...LOCAL,
    endpoint: 'http://localhost:8000',
    forwards: true,
    quirks: { ...COMPATIBLE, reasoningField: 'reasoning', topK: true, minP: true, videoUrl: true },
  },
  {
    id: 'lmstudio',
    displayName: 'LM Studio',
    ...LOCAL,
    endpoint: 'http://localhost:1234',
    // "'response_format.type' must be 'json_schema' or 'text'", "Invalid tool_choice type: 'object'".
    forwards: false,
    quirks: { ...COMPATIBLE, jsonObject: false, namedToolChoice: false, topK: true, minP: true },
  },
  {
    id: 'llamacpp',
    displayName: 'llama.cpp server',
    ...LOCAL,
    endpoint: 'http://localhost:8080',
    forwards: false,
    quirks: {
      ...COMPATIBLE,
      // tool_choice is read as a word; an object would be taken for "auto".
      namedToolChoice: false,
      reasoningField: 'reasoning_content',
      topK: true,
      minP: true,
    },
  },
];
