import type { EncodeContext, JsonObject, NoteList, ReasoningEffort, ReasoningRequest } from '@signalbox/core';
import { modelGeneration } from './model-generation.ts';

/** Generation 3: levels, the least first. */
const LEVELS = ['minimal', 'low', 'medium', 'high'] as const;

const LEVEL_OF: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 0,
  low: 1,
  medium: 2,
  high: 3,
  xhigh: 3,
  max: 3,
};

/** Generation 2.5: thinking tokens. There is no exact map. */
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

/** What is to be known of a model for its thinking to be set. */
interface Thinker {
  /** Whether it takes levels. */
  readonly levels: boolean;
  readonly pro: boolean;
  readonly context: EncodeContext;
  readonly notes: NoteList;
}

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
  if (reasoning.display === 'full') notes.approximated('reasoning.display', 'Google shows summaries of its thoughts');
  const levels = version === undefined || version >= 3;
  Object.assign(config, amount(reasoning, { levels, pro, context, notes }));
  return Object.keys(config).length === 0 ? undefined : config;
}

function amount(reasoning: ReasoningRequest, thinker: Thinker): JsonObject {
  const { mode, effort, budgetTokens } = reasoning;
  const { levels, notes } = thinker;
  if (mode === 'off' || (effort === 'none' && budgetTokens === undefined)) {
    if (effort !== undefined) notes.mapped('reasoning.effort', 'thinking is turned off');
    return off(thinker);
  }
  if (mode !== undefined && (effort !== undefined || (mode === 'on' && budgetTokens === undefined))) {
    notes.mapped('reasoning.mode', 'the model thinks unless it is turned off');
  }
  // A budget is understood by all generations; a level only by those that have levels, and never beside a budget.
  if (budgetTokens !== undefined && !(levels && effort !== undefined)) {
    const thinkingBudget = withinBounds(budgetTokens, thinker);
    if (thinkingBudget !== budgetTokens) {
      notes.approximated('reasoning.budgetTokens', `the model takes ${thinkingBudget} thinking tokens instead`);
    }
    return { thinkingBudget };
  }
  if (effort === undefined) return mode === 'adaptive' ? { thinkingBudget: -1 } : {};
  if (budgetTokens !== undefined)
    notes.dropped('reasoning.budgetTokens', 'the effort is sent; Gemini takes one of them');
  if (levels) {
    const level = nearestLevel(LEVEL_OF[effort], thinker);
    if (level !== effort) notes.approximated('reasoning.effort', `"${effort}" is sent as ${level.toUpperCase()}`);
    return { thinkingLevel: level.toUpperCase() };
  }
  const thinkingBudget = withinBounds(BUDGETS[effort], thinker);
  notes.approximated('reasoning.effort', `"${effort}" is sent as ${thinkingBudget} thinking tokens at most`);
  return { thinkingBudget };
}

function withinBounds(tokens: number, { context }: Thinker): number {
  const { min = 0, max = tokens } = context.reasoningBudget ?? {};
  return Math.max(min, Math.min(tokens, max));
}

/** The levels of a model, from the catalogue where it knows them; the Pro models of generation 3 have no MINIMAL. */
function levelsOf({ context, pro }: Thinker): readonly number[] {
  const places = LEVELS.map((_level, place) => place);
  const known = places.filter((place) => context.reasoningEfforts?.includes(LEVELS[place] ?? '') === true);
  if (known.length > 0) return known;
  return pro ? places.slice(1) : places;
}

/** The level that is nearest to the wanted one; the higher of two. */
function nearestLevel(wanted: number, thinker: Thinker): (typeof LEVELS)[number] {
  let best = 0;
  let distance = Number.POSITIVE_INFINITY;
  for (const place of levelsOf(thinker)) {
    if (Math.abs(place - wanted) > distance) continue;
    best = place;
    distance = Math.abs(place - wanted);
  }
  return LEVELS[best] ?? 'low';
}

/** A budget of 0 turns thinking off, but for models that always think: they get the least that they take. */
function off(thinker: Thinker): JsonObject {
  const { levels, pro, context, notes } = thinker;
  const named = context.reasoningEfforts !== undefined && context.reasoningEfforts.length > 0;
  if (levels ? !pro && !named : !pro) return { thinkingBudget: 0 };
  notes.approximated('reasoning', 'this model always thinks: set to the least');
  if (levels) return { thinkingLevel: nearestLevel(0, thinker).toUpperCase() };
  return { thinkingBudget: context.reasoningBudget?.min ?? PRO_MINIMUM };
}
