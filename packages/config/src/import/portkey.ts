import { asArray, asObject, asString, type JsonObject } from '@signalbox/core';
import { change, createDraft, leaveOut, noteRest, setIn } from './draft.ts';
import type { Draft, KnownProvider } from './imported.ts';
import { readTargets, snakeCase, type Target } from './portkey-target.ts';
import { PORTKEY_REASONS } from './portkey-words.ts';

// The format: portkey.ai/docs/api-reference/inference-api/config-object and the schema of github.com/Portkey-AI/gateway, as of 2026.

/** Converts a config object of Portkey. */
export function fromPortkey(file: JsonObject, known: readonly KnownProvider[]): Draft {
  const draft = createDraft(known);
  const config = snakeCase(asObject(file.config) ?? file);
  const targets = readTargets(draft, config, '');
  const strategy = asObject(config.strategy) ?? {};
  const mode = asString(strategy.mode) ?? 'single';
  if (targets.length > 0) byMode(draft, mode, targets, strategy);
  const read = mode === 'conditional' ? ['mode', 'conditions', 'default'] : ['mode'];
  noteRest(draft, strategy, 'strategy', { read, reasons: PORTKEY_REASONS });
  return draft;
}

function byMode(draft: Draft, mode: string, targets: readonly Target[], strategy: JsonObject): void {
  const members = [...new Set(targets.map((target) => target.member))];
  if (mode === 'loadbalance') balance(draft, targets, members);
  else if (mode === 'conditional') conditions(draft, targets, strategy);
  else if (mode !== 'single' && mode !== 'fallback')
    leaveOut(draft, 'strategy.mode', `there is no strategy like "${mode}"`);
  else if (mode === 'fallback' && members.length > 1) {
    setIn(draft, 'routing', { strategy: 'fallback_chain', chains: { primary: members }, apply_to: 'all' });
  } else if (members[0]?.includes('/') === true) setIn(draft, 'router', { default_model: members[0] });
}

/** Turns of a round by weight: whole numbers, ten in all where the weights are shares. */
function balance(draft: Draft, targets: readonly Target[], members: readonly string[]): void {
  const weights = new Map<string, number>();
  for (const { provider, weight } of targets) weights.set(provider, (weights.get(provider) ?? 0) + Math.max(0, weight));
  const used = [...weights].filter(([, weight]) => weight > 0);
  const sum = used.reduce((all, [, weight]) => all + weight, 0);
  const whole = used.every(([, weight]) => Number.isInteger(weight) && weight <= 100);
  const turns = Object.fromEntries(
    used.map(([provider, weight]) => [provider, whole ? weight : Math.max(1, Math.round((weight / sum) * 10))]),
  );
  const isEven = new Set(Object.values(turns)).size === 1;
  setIn(draft, 'routing', { strategy: 'round_robin', providers: isEven ? Object.keys(turns) : turns, apply_to: 'all' });
  for (const [provider] of weights) {
    if (!Object.hasOwn(turns, provider))
      change(draft, 'targets', `${provider} has no weight, so it is asked only where the others fail`);
  }
  if (members.length > used.length) {
    change(draft, 'targets', 'the round goes by provider; which of its models answers follows the task');
  }
}

/** Conditions on the model's name become names; what they ask of metadata is a script's matter. */
function conditions(draft: Draft, targets: readonly Target[], strategy: JsonObject): void {
  const find = (name: unknown) => targets.find((target) => target.name === name);
  const names: Record<string, unknown> = {};
  for (const [index, written] of asArray(strategy.conditions).entries()) {
    const condition = asObject(written);
    const query = asObject(condition?.query) ?? {};
    const target = find(condition?.then);
    const [[key, test] = ['', undefined], ...others] = Object.entries(query);
    const wanted = asString(asObject(test)?.$eq) ?? asString(test);
    const path = `strategy.conditions[${index}]`;
    if (target === undefined) leaveOut(draft, path, 'it leads to no target that can be called from here');
    else if (key === 'params.model' && others.length === 0 && wanted !== undefined)
      names[wanted] = { chain: [target.member] };
    else
      leaveOut(
        draft,
        path,
        `conditions on ${key === '' ? 'nothing' : key} are a matter of .claude-code/router.js (docs/routing.md)`,
      );
  }
  setIn(draft, 'models', names);
  const otherwise = find(strategy.default) ?? targets[0];
  if (otherwise !== undefined)
    setIn(draft, 'routing', { strategy: 'fallback_chain', chains: { default: [otherwise.member] }, apply_to: 'all' });
}
