import {
  type Admission,
  type AdmissionRequest,
  type Analyser,
  type Caller,
  type Candidate,
  type Clock,
  type Decision,
  type Health,
  type Inbound,
  lastUserText,
  type Measurements,
  type Need,
  type Needs,
  NO_NEEDS,
  type Pricing,
  type QualityEstimate,
  type RankedCandidate,
  type Ranking,
  type Removal,
  type RuleUses,
  type Snapshot,
  type Strategy,
  type TaskProfile,
} from '@signalbox/core';
import { measureNeeds } from '../request/measure-needs.ts';
import type { PromptCaches } from '../sessions/session-costs.ts';
import { conversationOf, type Sessions } from '../sessions/sessions.ts';
import { checkedRanking } from './checked-ranking.ts';
import { type EligibilityContext, removeIneligible } from './eligible.ts';
import { expectedTimes } from './expected-times.ts';
import { PASSES } from './no-candidate.ts';
import { entry, expectedQualities, predictCosts } from './predictions.ts';
import { rankInSession } from './rank-in-session.ts';
import { rankUnder } from './rank-under.ts';

/** What a decision is made from. */
export interface DecisionInput {
  readonly inbound: Inbound;
  readonly strategy: Strategy;
  /** As in `Route`. */
  readonly tells?: readonly Need[] | undefined;
  /** Instead of it where a budget asks for what is cheaper. */
  readonly cheaper?: Strategy | undefined;
  readonly candidates: readonly Candidate[];
  /** What could not become a candidate, for the record. */
  readonly unavailable: readonly Removal[];
  readonly caller: Caller;
  readonly localOnly: boolean;
  /** As in `Route`. */
  readonly capsOutput: boolean;
}

/** The ports that a decision asks. */
export interface DecisionPorts {
  readonly clock: Clock;
  readonly createId: () => string;
  readonly turn: () => number;
  readonly analyser?: Analyser | undefined;
  readonly pricing?: Pricing | undefined;
  readonly health: Health | undefined;
  readonly admission?: Admission | undefined;
  readonly measurements: Measurements;
  readonly quality?: QualityEstimate | undefined;
  readonly ruleUses?: RuleUses | undefined;
  /** Where the prompt caches of sessions are; absent: a session keeps no model. */
  readonly sessions?: Sessions | undefined;
  readonly promptCaches?: PromptCaches | undefined;
}

/** A decision, with the candidates in their order. */
export interface Decided {
  readonly decision: Decision;
  readonly order: readonly Candidate[];
  /** The name of the conversation that it is a part of, where there is one and the choice was free. */
  readonly conversation?: string | undefined;
}

/** Candidates -> eligible -> ranked -> a decision. The request is decoded only if something must be known of it. */
export function decide(input: DecisionInput, ports: DecisionPorts): Decided {
  const { inbound, strategy, candidates } = input;
  const now = ports.clock.now();
  // A choice of one, made by a person, needs no look at the request: the provider will say what it can't do.
  const looks = strategy.needs.length > 0 || candidates.length > 1;
  const needs = looks ? measureNeeds(inbound.request()) : undefined;
  const task = analysedTask(strategy.needs, inbound, ports, needs);
  const admissionRequest: AdmissionRequest = {
    caller: input.caller,
    // As an attempt will ask: a call that is let in here must not be refused there for being longer than it looked.
    task,
    needs: () => needs ?? measureNeeds(inbound.request()),
    bytes: inbound.wire?.body.length,
  };
  // Member by member: copying all that a decision knows takes longer than making it.
  const { kept, removed } = eligibleOrLastResort(candidates, {
    needs,
    inbound,
    localOnly: input.localOnly,
    capsOutput: input.capsOutput,
    now,
    health: ports.health,
    admission: ports.admission,
    admissionRequest,
  });
  const snapshot = takeSnapshot(strategy.needs, inbound, ports, kept, { needs, task, now });
  const standing = ports.admission?.standing?.(admissionRequest);
  const rank = (by: Snapshot) =>
    rankWhereFree(by, ports.ruleUses, (one) =>
      checkedRanking(strategy.name, kept, () => rankUnder(standing, kept, input, one, ports.pricing)),
    );
  // Who goes by quality chooses freely; a named model, a chain or a turn is not overruled by a cache.
  const conversation =
    ports.sessions !== undefined && snapshot.quality !== undefined
      ? conversationOf(input.caller, inbound.request())
      : undefined;
  const warm = conversation === undefined ? undefined : ports.sessions?.warm(conversation, now);
  const { ranking, session, cost } = rankInSession(rank, kept, snapshot, warm, ports);
  const told = input.tells === undefined ? snapshot : tellMore(input.tells, input, ports, kept, snapshot);
  const shown = cost === snapshot.cost ? told : { ...told, cost };
  const toldNeeds = input.tells === undefined ? needs : told.needs;
  const decision: Decision = {
    id: ports.createId(),
    decidedAt: now,
    requestedModel: inbound.head.model,
    strategy: strategy.name,
    reason: ranking.reason,
    rule: ranking.rule,
    needs: toldNeeds,
    task: told.task,
    order: ranking.order.map((ranked) => entry(measured(ranked, told, snapshot), toldNeeds, shown, ports)),
    removed: [...input.unavailable, ...removed, ...(ranking.removed ?? [])],
    ...(standing === undefined || standing.notices.length === 0 ? {} : { notices: standing.notices }),
    ...(session === undefined ? {} : { session }),
    ...(standing?.cheaperFirst === undefined ? {} : { cheaperFirst: standing.cheaperFirst }),
    ...(candidates.length > 1 ? { turn: snapshot.turn } : {}),
  };
  return { decision, order: ranking.order.map((ranked) => ranked.candidate), conversation };
}

/** The ranking by a rule that has a use left: what is known in memory may be behind what other processes have used. */
function rankWhereFree(snapshot: Snapshot, uses: RuleUses | undefined, rank: (snapshot: Snapshot) => Ranking): Ranking {
  let ranking = rank(snapshot);
  if (uses === undefined) return ranking;
  const spent = new Map(snapshot.ruleUses);
  while (ranking.rule !== undefined && spent.get(ranking.rule) !== Number.POSITIVE_INFINITY) {
    if (uses.mayFollow(ranking.rule)) return ranking;
    spent.set(ranking.rule, Number.POSITIVE_INFINITY);
    ranking = rank({ ...snapshot, ruleUses: spent });
  }
  return ranking;
}

/**
 * The eligible; where only open breakers and full rate limits stand in the way, those behind them: better an attempt, or a place in the
 * queue, than a refusal.
 */
function eligibleOrLastResort(candidates: readonly Candidate[], context: EligibilityContext) {
  const first = removeIneligible(candidates, context);
  if (first.kept.length > 0 || !first.removed.some((removal) => PASSES.has(removal.kind))) return first;
  return removeIneligible(candidates, { ...context, overlook: PASSES });
}

/** The task, where somebody wants to know it. */
function analysedTask(
  wants: readonly Need[],
  inbound: Inbound,
  { analyser }: DecisionPorts,
  needs: Needs | undefined,
): TaskProfile | undefined {
  return needs !== undefined && wants.includes('task') ? analyser?.analyse(inbound.request(), needs) : undefined;
}

/** A strategy that did not ask for times can only guess them; what was measured says more. */
function measured(ranked: RankedCandidate, told: Snapshot, known: Snapshot): RankedCandidate {
  const latencyMs = known.latencyMs === undefined ? told.latencyMs?.get(ranked.candidate.id) : undefined;
  return latencyMs === undefined ? ranked : { ...ranked, latencyMs };
}

/** What can be known beside what a choice was made from; what the strategy knew of it stays as it knew it. */
function tellMore(
  tells: readonly Need[],
  { inbound, strategy }: DecisionInput,
  ports: DecisionPorts,
  kept: readonly Candidate[],
  known: Snapshot,
): Snapshot {
  const needs = known.needs === NO_NEEDS ? measureNeeds(inbound.request()) : known.needs;
  const task = known.task ?? analysedTask(tells, inbound, ports, needs);
  const more = takeSnapshot([...strategy.needs, ...tells], inbound, ports, kept, { needs, task, now: known.now });
  return { ...more, turn: known.turn };
}

function takeSnapshot(
  needed: readonly Need[],
  inbound: Inbound,
  ports: DecisionPorts,
  kept: readonly Candidate[],
  {
    needs,
    task,
    now,
  }: { readonly needs: Needs | undefined; readonly task: TaskProfile | undefined; readonly now: number },
): Snapshot {
  if (needed.length === 0) {
    return { now, turn: ports.turn(), needs: needs ?? NO_NEEDS, ruleUses: ports.ruleUses?.counts() };
  }
  const wants = new Set(needed);
  const request = wants.size > 0 ? inbound.request() : undefined;
  return {
    now,
    turn: ports.turn(),
    needs: needs ?? NO_NEEDS,
    task,
    prompt: request !== undefined && wants.has('prompt') ? lastUserText(request) : undefined,
    ...(wants.has('latency') ? expectedTimes(kept, task, ports.measurements) : {}),
    cost: wants.has('cost') && needs !== undefined ? predictCosts(kept, needs, task, ports.pricing, now) : undefined,
    quality: wants.has('quality') && task !== undefined ? expectedQualities(kept, task, ports.quality) : undefined,
    ruleUses: ports.ruleUses?.counts(),
  };
}
