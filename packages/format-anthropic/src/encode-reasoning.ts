import {
  asObject,
  type EncodeContext,
  type JsonObject,
  type ModelRequest,
  type NoteList,
  type ReasoningEffort,
} from '@signalbox/core';
import { ownFields } from './extensions.ts';

/** Thinking tokens that stand for an effort, at models that know only budgets; `max` is four fifths of the limit. */
const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, 'none' | 'max'>, number>> = {
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
  xhigh: 32_768,
};
const EFFORTS: readonly ReasoningEffort[] = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
/** Anthropic takes no smaller budget. */
const SMALLEST_BUDGET = 1024;

/** How a request asks for thinking. */
export interface EncodedReasoning {
  readonly thinking?: JsonObject;
  /** `output_config.effort`. */
  readonly effort?: string;
}

/** What a thinking request has to fit into. */
export interface ReasoningLimits {
  readonly maxTokens: number;
  /** The request forces a tool call, which Anthropic refuses together with a thinking budget. */
  readonly forcedTool: boolean;
  /** The conversation ends inside a tool loop whose last assistant turn does not begin with thinking. */
  readonly loopWithoutThinking: boolean;
}

/**
 * Models up to 4.5 take a budget, those after 4.6 only adaptive thinking, and 4.6 both. The catalogue tells them apart: by
 * whether it knows a budget, by the effort `max` (4.6 and later), and by sampling, which the later ones refuse.
 */
function modelTakes(context: EncodeContext): { budget: boolean; adaptive: boolean } {
  const { reasoningEfforts: efforts, reasoningBudget: budget, capabilities } = context;
  if (budget !== undefined) return { budget: true, adaptive: efforts?.includes('max') === true };
  if (efforts !== undefined || capabilities?.temperature === false) return { budget: false, adaptive: true };
  return { budget: true, adaptive: capabilities?.temperature !== true };
}

/** The request's reasoning as `thinking` and `output_config.effort`, as far as the model takes them. */
export function encodeReasoning(
  request: ModelRequest,
  context: EncodeContext,
  limits: ReasoningLimits,
  notes: NoteList,
): EncodedReasoning {
  const { reasoning } = request;
  const own = ownFields(request.extensions)?.thinking;
  const verbatim = asObject(own);
  if (verbatim !== undefined) return { thinking: verbatim, ...encodeEffort(reasoning?.effort, context, notes) };
  if (reasoning === undefined) return {};
  const off = reasoning.mode === 'off' || (reasoning.mode === undefined && isNone(reasoning));
  if (context.capabilities?.reasoning === false) {
    if (!off) notes.dropped('reasoning', 'the model does not reason');
    return {};
  }
  const effort = encodeEffort(reasoning.effort, context, notes);
  if (off) return { thinking: { type: 'disabled' }, ...effort };
  // `thinking: null` among the extensions: an Anthropic caller who asked for an effort and not for thinking.
  if (own === null) return effort;
  if (reasoning.mode === undefined && reasoning.effort === undefined && reasoning.budgetTokens === undefined) {
    if (reasoning.display !== undefined)
      notes.approximated('reasoning.display', 'no reasoning was asked for, so there is none to show');
    return effort;
  }
  const thinking = encodeThinking(reasoning, context, limits, notes);
  return thinking === undefined ? effort : { thinking: { ...thinking, ...encodeDisplay(reasoning, notes) }, ...effort };
}

type Reasoning = NonNullable<ModelRequest['reasoning']>;

function isNone(reasoning: Reasoning): boolean {
  return reasoning.effort === 'none' || reasoning.budgetTokens === 0;
}

function encodeThinking(
  reasoning: Reasoning,
  context: EncodeContext,
  limits: ReasoningLimits,
  notes: NoteList,
): JsonObject | undefined {
  const takes = modelTakes(context);
  const budgetWanted = reasoning.mode !== 'adaptive' && reasoning.budgetTokens !== undefined;
  if (takes.adaptive && !(budgetWanted && takes.budget)) {
    if (reasoning.budgetTokens !== undefined) {
      notes.approximated('reasoning.budgetTokens', 'the model sets its own thinking budget');
    }
    if (reasoning.mode === 'on') notes.mapped('reasoning.mode', 'the model thinks as much as it finds right');
    return { type: 'adaptive' };
  }
  if (reasoning.mode === 'adaptive') {
    notes.approximated('reasoning.mode', 'the model knows no adaptive thinking: it got a fixed budget');
  }
  return budgetedThinking(reasoning, limits, notes);
}

function budgetedThinking(reasoning: Reasoning, limits: ReasoningLimits, notes: NoteList): JsonObject | undefined {
  const { maxTokens } = limits;
  if (maxTokens <= SMALLEST_BUDGET) {
    notes.dropped('reasoning', `thinking takes ${SMALLEST_BUDGET} tokens at least and the limit is ${maxTokens}`);
    return undefined;
  }
  if (limits.loopWithoutThinking) {
    notes.dropped('reasoning', 'thinking can not begin inside a tool loop whose last turn has none');
    return undefined;
  }
  if (limits.forcedTool && reasoning.mode === undefined) {
    notes.dropped('reasoning', 'the model does not think when it is forced to call a tool');
    return undefined;
  }
  return { type: 'enabled', budget_tokens: budgetFor(reasoning, maxTokens, notes) };
}

function budgetFor(reasoning: Reasoning, maxTokens: number, notes: NoteList): number {
  const wanted = reasoning.budgetTokens;
  if (wanted === undefined) {
    const effort = reasoning.effort === undefined || reasoning.effort === 'none' ? 'medium' : reasoning.effort;
    const whole = effort === 'max' ? Math.floor(maxTokens * 0.8) : Math.min(BUDGETS[effort], Math.floor(maxTokens / 2));
    const budget = Math.min(Math.max(whole, SMALLEST_BUDGET), maxTokens - 1);
    notes.approximated('reasoning', `effort ${effort} became a thinking budget of ${budget} tokens`);
    return budget;
  }
  const budget = Math.min(Math.max(wanted, SMALLEST_BUDGET), maxTokens - 1);
  if (budget !== wanted) {
    const bounds = `at least ${SMALLEST_BUDGET} and below the limit of ${maxTokens}`;
    notes.approximated('reasoning.budgetTokens', `${wanted} became ${budget}: a budget is ${bounds}`);
  }
  return budget;
}

function encodeEffort(
  effort: ReasoningEffort | undefined,
  context: EncodeContext,
  notes: NoteList,
): { effort?: string } {
  if (effort === undefined || effort === 'none') return {};
  const known = context.reasoningEfforts;
  if (known === undefined && context.reasoningBudget !== undefined) {
    notes.dropped('reasoning.effort', 'the model takes a thinking budget and no effort');
    return {};
  }
  const accepted = known === undefined || known.length === 0 ? ['low', 'medium', 'high', 'xhigh', 'max'] : known;
  if (accepted.includes(effort)) return { effort };
  const rank = EFFORTS.indexOf(effort);
  const lower = EFFORTS.slice(0, rank).findLast((word) => accepted.includes(word));
  const nearest = lower ?? EFFORTS.find((word) => accepted.includes(word));
  if (nearest === undefined) {
    notes.dropped('reasoning.effort', 'the model takes no effort');
    return {};
  }
  notes.approximated('reasoning.effort', `the model takes no effort "${effort}": "${nearest}" was sent`);
  return { effort: nearest };
}

function encodeDisplay(reasoning: Reasoning, notes: NoteList): JsonObject {
  switch (reasoning.display) {
    case undefined:
      return {};
    case 'omitted':
      return { display: 'omitted' };
    case 'full':
      notes.approximated('reasoning.display', 'Anthropic shows summaries of its reasoning');
      return { display: 'summarized' };
    case 'summary':
      return { display: 'summarized' };
  }
}
