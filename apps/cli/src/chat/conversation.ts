import type { Message, ModelRequest } from '@signalbox/core';

/** What a route was asked for with; empty: the configured way. */
export interface RouteChoice {
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly strategy?: string | undefined;
  readonly mode?: string | undefined;
  readonly chain?: string | undefined;
  readonly providerChain?: string | undefined;
}

/** One question and its answer. */
export interface Turn {
  readonly prompt: string;
  readonly answer: string;
  /** `false`: the person stopped it. */
  readonly complete: boolean;
  /** `provider/model`. */
  readonly candidate?: string | undefined;
  /** Unix milliseconds. */
  readonly at: number;
  readonly choice: RouteChoice;
}

/** What holds for every turn. */
export interface TurnSettings {
  readonly system?: string | undefined;
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
}

/** The request for the next answer: all turns so far, and the new prompt. An answer without text is left out with its question. */
export function nextRequest(
  turns: readonly Turn[],
  prompt: string,
  model: string | undefined,
  { system, maxTokens, temperature, topP }: TurnSettings,
): ModelRequest {
  const text = (said: string) => [{ type: 'text' as const, text: said }];
  const past = turns
    .filter((turn) => turn.answer !== '')
    .flatMap((turn): Message[] => [
      { role: 'user', parts: text(turn.prompt) },
      { role: 'assistant', parts: text(turn.answer) },
    ]);
  return {
    model,
    system: system === undefined ? [] : text(system),
    messages: [...past, { role: 'user', parts: text(prompt) }],
    maxOutputTokens: maxTokens,
    sampling: temperature === undefined && topP === undefined ? undefined : { temperature, topP },
  };
}

/** A choice in a few words: `claude-opus-4-5`, `strategy cost_optimized`, or nothing where the configuration decides. */
export function choiceWords(choice: RouteChoice): string | undefined {
  const words: readonly (readonly [string, string | undefined])[] = [
    ['model', choice.model],
    ['provider', choice.provider],
    ['chain', choice.chain],
    ['chain of', choice.providerChain],
    ['mode', choice.mode],
    ['strategy', choice.strategy],
  ];
  const found = words.find(([, name]) => name !== undefined);
  return found === undefined ? undefined : `${found[0]} ${found[1]}`;
}

/** A conversation as Markdown. */
export function toMarkdown(turns: readonly Turn[]): string {
  return turns
    .map(({ prompt, answer, candidate, complete }) => {
      const who = candidate === undefined ? 'Answer' : `Answer of ${candidate}`;
      return `## You\n\n${prompt}\n\n## ${who}${complete ? '' : ' (stopped)'}\n\n${answer}\n`;
    })
    .join('\n');
}
