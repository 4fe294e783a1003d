import type { EncodeContext, JsonValue, NoteList, ReasoningEffort, ReasoningRequest } from '@signalbox/core';

/** Ollama's levels. */
const LEVELS: Readonly<Record<Exclude<ReasoningEffort, 'none'>, string>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'max',
};

/**
 * Writes `think`; undefined leaves it to the model. Ollama refuses to let a model think that can't, and levels for a model
 * that has none: they are sent where the model is known to take them, or where the caller speaks Ollama's format
 * (`isOwnFormat`) and so has said it of this kind of model.
 */
export function encodeThink(
  reasoning: ReasoningRequest | undefined,
  context: EncodeContext,
  isOwnFormat: boolean,
  notes: NoteList,
): JsonValue | undefined {
  if (reasoning === undefined) return undefined;
  const { mode, effort, budgetTokens, display } = reasoning;
  if (display !== undefined && display !== 'full') {
    notes.approximated('reasoning.display', 'a model that thinks shows all of it');
  }
  if (mode === 'off' || effort === 'none') return false;
  if (effort === undefined && mode === undefined && budgetTokens === undefined) return undefined;
  if (context.capabilities?.reasoning === false) {
    notes.dropped('reasoning', `${context.model} does not think`);
    return undefined;
  }
  if (context.capabilities?.reasoning !== true && !isOwnFormat) {
    notes.approximated('reasoning', `left to the model: whether ${context.model} thinks is not known`);
    return undefined;
  }
  if (budgetTokens !== undefined) {
    notes.approximated('reasoning.budgetTokens', 'Ollama has no limit of thinking tokens');
  }
  if (mode === 'adaptive') notes.mapped('reasoning.mode', 'a model that thinks does so as it finds right');
  if (effort === undefined) return true;
  const level = LEVELS[effort];
  const takesLevel = context.reasoningEfforts?.includes(level) ?? isOwnFormat;
  if (!takesLevel) {
    notes.approximated('reasoning.effort', `sent as true: ${context.model} is not known to take levels`);
    return true;
  }
  if (level !== effort) notes.approximated('reasoning.effort', `"${effort}" is sent as "${level}"`);
  return level;
}
