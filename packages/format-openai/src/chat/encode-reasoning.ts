import type { JsonObject, ReasoningEffort, ReasoningRequest } from '@signalbox/core';
import { EFFORTS } from './efforts.ts';
import type { Encoding } from './notes.ts';

/** Thinking tokens up to which an effort is the nearest word for a budget. There is no exact map. */
const BUDGETS: readonly (readonly [number, ReasoningEffort])[] = [
  [4096, 'low'],
  [12_288, 'medium'],
];

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
    encoding.note('dropped', 'reasoning.display', 'Chat Completions does not show reasoning');
  }
  switch (quirks.reasoningParameter) {
    case 'none':
      encoding.note('dropped', 'reasoning', 'the endpoint has no parameter for it');
      return {};
    case 'thinking':
      noteSwitch(encoding, reasoning, off);
      return { thinking: { type: off ? 'disabled' : 'enabled' } };
    case 'enable_thinking':
      noteSwitch(encoding, reasoning, off);
      return { enable_thinking: !off };
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

function effortOf(encoding: Encoding, reasoning: ReasoningRequest): ReasoningEffort | undefined {
  const { reasoningEfforts } = encoding.context;
  const supported =
    reasoningEfforts === undefined ? undefined : EFFORTS.filter((effort) => reasoningEfforts.includes(effort));
  if (reasoning.effort !== undefined) {
    if (reasoning.budgetTokens !== undefined) encoding.note('dropped', 'reasoning.budgetTokens', 'the effort says it');
    if (reasoning.mode !== undefined) encoding.note('mapped', 'reasoning.mode', 'the effort says it');
    return nearest(encoding, reasoning.effort, supported, 'reasoning.effort');
  }
  if (reasoning.mode === 'off') {
    if (supported !== undefined) return nearest(encoding, 'none', supported, 'reasoning.mode');
    encoding.note('dropped', 'reasoning.mode', 'whether the model can answer without reasoning is not known');
    return undefined;
  }
  const { budgetTokens } = reasoning;
  if (budgetTokens !== undefined) {
    if (reasoning.mode !== undefined) encoding.note('mapped', 'reasoning.mode', 'the effort says it');
    const effort = BUDGETS.find(([most]) => budgetTokens <= most)?.[1] ?? 'high';
    encoding.note(
      'approximated',
      'reasoning.budgetTokens',
      `a budget of ${budgetTokens} tokens becomes the effort ${effort}`,
    );
    return nearest(encoding, effort, supported, 'reasoning.budgetTokens');
  }
  if (reasoning.mode !== undefined) {
    encoding.note(
      reasoning.mode === 'adaptive' ? 'mapped' : 'approximated',
      'reasoning.mode',
      "the model's own default effort",
    );
  }
  return undefined;
}

/** The effort, or the one that the model takes and that is nearest; of two, the lower one. */
function nearest(
  encoding: Encoding,
  effort: ReasoningEffort,
  supported: readonly ReasoningEffort[] | undefined,
  field: string,
): ReasoningEffort | undefined {
  if (supported === undefined || supported.includes(effort)) return effort;
  const distance = (other: ReasoningEffort) => Math.abs(EFFORTS.indexOf(other) - EFFORTS.indexOf(effort));
  const [best] = supported.toSorted((one, other) => distance(one) - distance(other));
  if (best === undefined) encoding.note('dropped', field, 'the model takes no effort');
  else encoding.note('approximated', field, `the model takes no effort ${effort}: ${best} is the nearest`);
  return best;
}
