import type { JsonObject, ReasoningRequest } from '@signalbox/core';
import { effortOf } from '../shared/effort-of.ts';
import type { Encoding } from './notes.ts';

/**
 * How much the model shall reason: `reasoning_effort`, or the endpoint's own parameter (`reasoningParameter`): OpenRouter's
 * `reasoning`, DeepSeek's `thinking`, Qwen's `enable_thinking`, or `none` of them.
 */
export function encodeReasoning(encoding: Encoding, reasoning: ReasoningRequest | undefined): JsonObject {
  if (reasoning === undefined) return {};
  const { capabilities, quirks } = encoding.context;
  const off = reasoning.mode === 'off' || reasoning.effort === 'none';
  if (capabilities?.reasoning === false) {
    if (!off) encoding.note('dropped', 'reasoning', 'the model does not reason');
    return {};
  }
  if (reasoning.display !== undefined && reasoning.display !== 'omitted' && quirks.reasoningField === undefined) {
    encoding.note(
      'approximated',
      'reasoning.display',
      'Chat Completions does not show reasoning: the answer comes without it',
    );
  }
  switch (quirks.reasoningParameter) {
    case 'none':
      encoding.note('dropped', 'reasoning', 'the endpoint has no parameter for it');
      return {};
    case 'thinking': {
      // Models that know efforts take them beside the switch.
      const graded = !off && encoding.context.reasoningEfforts !== undefined;
      if (!graded) noteSwitch(encoding, reasoning, off);
      const effort = graded ? effortOf(encoding, reasoning) : undefined;
      return {
        thinking: { type: off ? 'disabled' : 'enabled' },
        ...(effort === undefined ? {} : { reasoning_effort: effort }),
      };
    }
    case 'enable_thinking': {
      const { budgetTokens, ...rest } = reasoning;
      noteSwitch(encoding, rest, off);
      return {
        enable_thinking: !off,
        ...(off || budgetTokens === undefined ? {} : { thinking_budget: budgetTokens }),
      };
    }
    case 'reasoning':
      if (!off && reasoning.effort === undefined && reasoning.budgetTokens !== undefined) {
        return { reasoning: { max_tokens: reasoning.budgetTokens } };
      }
      return { reasoning: { enabled: !off, effort: off ? undefined : reasoning.effort } };
    default: {
      const effort = effortOf(encoding, reasoning);
      return effort === undefined ? {} : { reasoning_effort: effort };
    }
  }
}

/** The endpoint only knows on and off. */
function noteSwitch(encoding: Encoding, reasoning: ReasoningRequest, off: boolean): void {
  if (off) return;
  for (const key of ['effort', 'budgetTokens'] as const) {
    if (reasoning[key] !== undefined)
      encoding.note('approximated', `reasoning.${key}`, 'the endpoint knows only on and off');
  }
}
