import type { EncodeContext, NoteList, ReasoningEffort, ReasoningRequest, TranslationNote } from '@signalbox/core';
import { EFFORTS } from './efforts.ts';

/** Thinking tokens up to which an effort is the nearest word for a budget. There is no exact map. */
const BUDGETS: readonly (readonly [number, ReasoningEffort])[] = [
  [4096, 'low'],
  [12_288, 'medium'],
];

/** What an encoding knows of its target, and where it reports to. */
export interface NotedContext {
  readonly context: EncodeContext;
  note(action: TranslationNote['action'], field: string, reason: string): void;
}

/** An encoding as core's functions report to it. */
export function reportOf(encoding: NotedContext): Pick<NoteList, 'mapped' | 'approximated' | 'dropped'> {
  return {
    mapped: (field, reason) => encoding.note('mapped', field, reason),
    approximated: (field, reason) => encoding.note('approximated', field, reason),
    dropped: (field, reason) => encoding.note('dropped', field, reason),
  };
}

/** The effort word for what a request says of reasoning, among those that the model takes; deviations are noted. */
export function effortOf(encoding: NotedContext, reasoning: ReasoningRequest): ReasoningEffort | undefined {
  const { reasoningEfforts } = encoding.context;
  const supported =
    reasoningEfforts === undefined ? undefined : EFFORTS.filter((effort) => reasoningEfforts.includes(effort));
  if (reasoning.effort !== undefined) {
    if (reasoning.budgetTokens !== undefined)
      encoding.note('approximated', 'reasoning.budgetTokens', 'the effort says it');
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
  encoding: NotedContext,
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
