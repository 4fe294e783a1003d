import type { ModelFacts } from '@signalbox/core';
import { familyOf, isPreview, newestFirst } from './version.ts';

/** Whether the provider has stopped serving the model, on a day like `2026-11-22`. */
export function isRetired(facts: ModelFacts, today: string): boolean {
  return facts.status === 'retired' || (facts.retires !== undefined && facts.retires <= today);
}

/** Whether enough is known of a model to recommend it. */
function isComplete(facts: ModelFacts): boolean {
  const known = facts.contextWindow !== undefined && facts.maxOutput !== undefined;
  return known && facts.capabilities.tools !== undefined && facts.prices.length > 0;
}

/**
 * The model to move to: the newest of the same provider and family that is served and of which everything is known; one
 * that is final rather than a preview. `undefined` where there is none.
 */
export function successorOf(facts: ModelFacts, models: readonly ModelFacts[], today: string): ModelFacts | undefined {
  const family = familyOf(facts);
  const kin = models.filter(
    (model) =>
      model.provider === facts.provider &&
      model.id !== facts.id &&
      model.type === 'chat' &&
      model.status === 'active' &&
      familyOf(model) === family &&
      isComplete(model) &&
      !isRetired(model, today) &&
      newestFirst(model, facts) < 0,
  );
  const final = kin.filter((model) => !isPreview(model.id));
  return [...(final.length > 0 ? final : kin)].sort(newestFirst)[0];
}

/** What a user should know about a model's life, in one sentence; `undefined` where there is nothing to say. */
export function lifeWarning(
  name: string,
  facts: ModelFacts,
  models: readonly ModelFacts[],
  today: string,
): string | undefined {
  const retired = isRetired(facts, today);
  if (!retired && facts.status !== 'deprecated' && facts.retires === undefined) return undefined;
  const who = name === facts.id ? name : `${name} (${facts.id})`;
  const since = facts.retires === undefined ? '' : ` since ${facts.retires}`;
  const until = facts.retires === undefined ? ' and may go' : ` and served until ${facts.retires} only`;
  const successor = successorOf(facts, models, today);
  const advice = successor === undefined ? '' : `; consider ${successor.id}`;
  return `${who} is ${retired ? `no longer served${since}` : `deprecated${until}`}${advice}`;
}
