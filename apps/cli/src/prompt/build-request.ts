import type { ModeConfiguration } from '@signalbox/config';
import type { ModelRequest, OutputFormat, Part } from '@signalbox/core';

/** The flags that say what is sent beside the prompt. */
export interface RequestOptions {
  readonly model?: string | undefined;
  readonly system?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
}

/** A request of one turn: what is attached, then the prompt, where there is one apart from that. */
export function buildRequest(
  prompt: string | undefined,
  attachments: readonly Part[],
  mode: ModeConfiguration | undefined,
  options: RequestOptions,
  output?: OutputFormat,
): ModelRequest {
  const temperature = options.temperature ?? mode?.temperature;
  return {
    model: options.model,
    system: options.system === undefined ? [] : [{ type: 'text', text: options.system }],
    messages: [
      {
        role: 'user',
        parts: [...attachments, ...(prompt === undefined ? [] : [{ type: 'text' as const, text: prompt }])],
      },
    ],
    output,
    maxOutputTokens: options.maxTokens,
    sampling: temperature === undefined && mode?.topP === undefined ? undefined : { temperature, topP: mode?.topP },
  };
}
