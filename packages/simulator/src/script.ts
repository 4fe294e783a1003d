import type { JsonObject } from '@signalbox/core';
import { type Behaviour, withoutFaults } from './behaviour.ts';
import { checkBehaviour, extractPromptDirective, parseDirective } from './directive.ts';
import type { SimulatedFormatId } from './simulated-request.ts';

/** What a script sees of a request. */
export interface SimulatedCall {
  /** Without the query. */
  readonly path: string;
  readonly format?: SimulatedFormatId | undefined;
  readonly model?: string | undefined;
  /** The caller's key as it came. */
  readonly key?: string | undefined;
  /** Text of the last user message, with its directives. */
  readonly prompt: string;
  /** How many requests this rule has matched, this one included. */
  readonly nth: number;
}

/** Which requests a rule is for: all conditions that are given must hold. Texts must be equal, patterns must match. */
export interface ScriptCondition {
  readonly path?: string | RegExp | undefined;
  readonly model?: string | RegExp | undefined;
  readonly format?: SimulatedFormatId | undefined;
  readonly key?: string | undefined;
  readonly prompt?: string | RegExp | undefined;
  /** Counts the requests for which the other conditions hold, from 1. */
  readonly nth?: number | readonly number[] | undefined;
}

/** The first rule whose condition holds decides. */
export interface ScriptRule {
  readonly when?: ScriptCondition | undefined;
  /** A behaviour, a directive (`status=503; times=2`), or a function that answers with one of those. */
  readonly behave: Behaviour | string | ((call: SimulatedCall) => Behaviour | string);
}

/** Finds the behaviour of each request: defaults, script, prompt and header, each over the one before. */
export interface BehaviourSource {
  script(rules: readonly ScriptRule[]): void;
  reset(): void;
  /** @throws RouterError `invalid-request` for a directive that can't be read. */
  behaviourFor(call: Omit<SimulatedCall, 'nth'>, header: string | undefined): Behaviour;
}

export function createBehaviourSource(defaults: Behaviour): BehaviourSource {
  let rules: readonly ScriptRule[] = [];
  const matches = new Map<ScriptRule, number>();
  const met = new Map<string, number>();
  checkBehaviour({ ...defaults } as JsonObject, 'the default behaviour');

  const scripted = (call: Omit<SimulatedCall, 'nth'>): { behaviour: Behaviour; source: string } | undefined => {
    for (const [index, rule] of rules.entries()) {
      if (!holds(rule.when, call)) continue;
      const nth = (matches.get(rule) ?? 0) + 1;
      matches.set(rule, nth);
      const wanted = rule.when?.nth;
      if (wanted !== undefined && !(typeof wanted === 'number' ? [wanted] : wanted).includes(nth)) continue;
      const behave = typeof rule.behave === 'function' ? rule.behave({ ...call, nth }) : rule.behave;
      return { behaviour: toBehaviour(behave, `script rule ${index + 1}`), source: `rule ${index}` };
    }
    return undefined;
  };
  /** Lets go of the faults once they were met often enough by this key for this model. */
  const limit = (behaviour: Behaviour, source: string, call: Omit<SimulatedCall, 'nth'>): Behaviour => {
    if (behaviour.times === undefined) return behaviour;
    const counter = JSON.stringify([source, call.key, call.model]);
    const count = (met.get(counter) ?? 0) + 1;
    met.set(counter, count);
    return count > behaviour.times ? withoutFaults(behaviour) : behaviour;
  };
  return {
    script(next) {
      next.forEach((rule, index) => {
        if (typeof rule.behave !== 'function') toBehaviour(rule.behave, `script rule ${index + 1}`);
      });
      rules = [...next];
      matches.clear();
      for (const counter of met.keys()) if (counter.startsWith('["rule ')) met.delete(counter);
    },
    reset() {
      rules = [];
      matches.clear();
      met.clear();
    },
    behaviourFor(call, header) {
      const rule = scripted(call);
      let behaviour = limit(defaults, 'defaults', call);
      if (rule) behaviour = { ...behaviour, ...limit(rule.behaviour, rule.source, call) };
      for (const directive of extractPromptDirective(call.prompt).directives) {
        const read = parseDirective(directive, 'The directive [[simulate: ...]]');
        behaviour = { ...behaviour, ...limit(read, `prompt ${directive}`, call) };
      }
      if (header !== undefined) {
        const read = parseDirective(header, 'The header x-simulate');
        behaviour = { ...behaviour, ...limit(read, `header ${header}`, call) };
      }
      return behaviour;
    },
  };
}

function toBehaviour(behave: Behaviour | string, where: string): Behaviour {
  return typeof behave === 'string'
    ? parseDirective(behave, where)
    : checkBehaviour({ ...behave } as JsonObject, where);
}

function holds(when: ScriptCondition | undefined, call: Omit<SimulatedCall, 'nth'>): boolean {
  if (!when) return true;
  const matchesText = (wanted: string | RegExp | undefined, text: string | undefined): boolean => {
    if (wanted === undefined) return true;
    if (typeof wanted === 'string') return wanted === text;
    return text !== undefined && text.search(wanted) !== -1;
  };
  return (
    matchesText(when.path, call.path) &&
    matchesText(when.model, call.model) &&
    matchesText(when.format, call.format) &&
    matchesText(when.key, call.key) &&
    matchesText(when.prompt, call.prompt)
  );
}
