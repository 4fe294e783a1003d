import type { EncodeContext, JsonObject, ReasoningEffort, ReasoningRequest } from '@signalbox/core';
import { modelGeneration } from './model-generation.ts';
import type { NoteList } from './note-list.ts';

/** Generation 3: levels. */
const LEVELS: Readonly<Record<ReasoningEffort, string>> = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
};

/** Generation 2.5: thinking tokens. Google's limits are 24576 (Flash) and 32768 (Pro); there is no exact map. */
const BUDGETS: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16384,
  xhigh: 24576,
  max: 24576,
};

/** The least that 2.5 Pro thinks: it can't be turned off. */
const PRO_MINIMUM = 128;

/** Writes `thinkingConfig`; undefined where nothing is asked for or the model has no thinking to set. */
export function encodeThinking(
  reasoning: ReasoningRequest | undefined,
  context: EncodeContext,
  notes: NoteList,
): JsonObject | undefined {
  if (reasoning === undefined) return undefined;
  const { version, pro } = modelGeneration(context.model);
  if (context.capabilities?.reasoning === false || (version !== undefined && version < 2.5)) {
    if (reasoning.mode !== 'off') notes.dropped('reasoning', `${context.model} does not think`);
    return undefined;
  }
  const config: JsonObject = {};
  const wantsText =
    reasoning.display === undefined
      ? reasoning.mode === 'on' || reasoning.mode === 'adaptive'
      : reasoning.display !== 'omitted';
  if (wantsText) config.includeThoughts = true;
  Object.assign(config, amount(reasoning, version === undefined || version >= 3, pro, notes));
  return Object.keys(config).length === 0 ? undefined : config;
}

function amount(reasoning: ReasoningRequest, levels: boolean, pro: boolean, notes: NoteList): JsonObject {
  const { mode, effort, budgetTokens } = reasoning;
  if (mode === 'off' || (effort === 'none' && budgetTokens === undefined)) return off(levels, pro, notes);
  // A budget is understood by all generations; a level only by those that have levels, and never beside a budget.
  if (budgetTokens !== undefined && !(levels && effort !== undefined)) return { thinkingBudget: budgetTokens };
  if (effort === undefined) return mode === 'adaptive' ? { thinkingBudget: -1 } : {};
  if (budgetTokens !== undefined)
    notes.dropped('reasoning.budgetTokens', 'the effort is sent; Gemini takes one of them');
  if (levels) {
    // Google: the Pro models of generation 3 have no MINIMAL.
    const level = pro && LEVELS[effort] === 'MINIMAL' ? 'LOW' : LEVELS[effort];
    if (level !== effort.toUpperCase()) notes.approximated('reasoning.effort', `"${effort}" is sent as ${level}`);
    return { thinkingLevel: level };
  }
  notes.approximated('reasoning.effort', `"${effort}" is sent as ${BUDGETS[effort]} thinking tokens at most`);
  return { thinkingBudget: BUDGETS[effort] };
}

function off(levels: boolean, pro: boolean, notes: NoteList): JsonObject {
  if (!pro) return { thinkingBudget: 0 };
  notes.approximated('reasoning', 'this model always thinks: set to the least');
  return levels ? { thinkingLevel: 'LOW' } : { thinkingBudget: PRO_MINIMUM };
}
