import {
  aListOf,
  aText,
  type OptionRules,
  type RankedCandidate,
  type Removal,
  requireOptions,
  type Strategy,
} from '@signalbox/core';
import { answersTo } from './answers-to.ts';
import { expectedLatencyMs } from './expected-latency.ts';

/** A chain and its name. */
export interface FallbackChainOptions {
  /** The chain's name, for the reason. */
  readonly name?: string | undefined;
  /** Names of models in the order in which they are tried: `anthropic.sonnet`, a model id, `provider/model id`, a provider. */
  readonly chain: readonly string[];
}

const RULES: OptionRules<FallbackChainOptions> = {
  name: aText(),
  chain: aListOf(aText(), "a list of at least one name, such as ['anthropic.sonnet', 'openai.gpt4']", 1),
};

/**
 * Tries the models of a chain in its order. A member that names a provider stands for that provider's candidates in their
 * order. Candidates outside the chain are left out; a member that is no candidate is passed over, and the decision says so.
 * Throws RouterError `configuration` on a chain of nobody.
 */
export function fallbackChain(options: FallbackChainOptions): Strategy {
  requireOptions('fallbackChain', options, RULES, ['chain']);
  const { name, chain } = options;
  return {
    name: 'fallback_chain',
    needs: [],
    rank(candidates, snapshot) {
      const order: RankedCandidate[] = [];
      const removed: Removal[] = [];
      const placed = new Set<string>();
      for (const [place, member] of chain.entries()) {
        const meant = candidates.filter((candidate) => answersTo(candidate, member) && !placed.has(candidate.id));
        for (const candidate of meant) {
          placed.add(candidate.id);
          order.push({
            candidate,
            latencyMs: expectedLatencyMs(candidate, snapshot),
            reason: `${ordinal(place + 1)} in the chain (${member})`,
          });
        }
        if (meant.length === 0 && !candidates.some((candidate) => answersTo(candidate, member))) {
          removed.push({
            candidate: member,
            kind: 'not-configured',
            reason: 'is in the chain, but not among those who could answer',
          });
        }
      }
      for (const candidate of candidates) {
        if (!placed.has(candidate.id)) {
          removed.push({ candidate: candidate.id, kind: 'not-in-strategy', reason: 'is not in the chain' });
        }
      }
      const first = order[0];
      const label = name === undefined ? 'chain' : `chain "${name}"`;
      const reason =
        first === undefined
          ? `nobody of the ${label} is left`
          : `${first.reason?.replace('the chain', `the ${label}`)}`;
      return { order, reason, removed };
    },
  };
}

function ordinal(place: number): string {
  const names = ['first', 'second', 'third', 'fourth', 'fifth'];
  return names[place - 1] ?? `number ${place}`;
}
