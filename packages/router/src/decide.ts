import {
  type Admission,
  type AdmissionRequest,
  type Analyser,
  type Caller,
  type Candidate,
  type Clock,
  type Decision,
  type DecisionEntry,
  type Health,
  type Inbound,
  lastUserText,
  type Measurements,
  type Needs,
  type Pricing,
  type QualityEstimate,
  type RankedCandidate,
  type Ranking,
  type Removal,
  type RemovalKind,
  RouterError,
  type RouterErrorKind,
  type SessionCache,
  type Snapshot,
  type Strategy,
  type TaskProfile,
} from '@signalbox/core';
import { type EligibilityContext, removeIneligible } from './eligible.ts';
import { expectedTimes } from './expected-times.ts';
import { measureNeeds } from './measure-needs.ts';
import { rankUnder } from './rank-under.ts';
import { type PromptCaches, sessionCosts, sessionEffect } from './session-costs.ts';
import { conversationOf, type Sessions } from './sessions.ts';

/** What a decision is made from. */
export interface DecisionInput {
  readonly inbound: Inbound;
  readonly strategy: Strategy;
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
  readonly ruleUses?: ((now: number) => ReadonlyMap<string, number>) | undefined;
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
  const admissionRequest: AdmissionRequest = {
    caller: input.caller,
    needs: () => needs ?? measureNeeds(inbound.request()),
    bytes: inbound.wire?.body.length,
  };
  const { kept, removed } = eligibleOrLastResort(candidates, { ...input, needs, now, admissionRequest, ...ports });
  const snapshot = takeSnapshot(input, ports, kept, needs, now);
  const standing = ports.admission?.standing?.(admissionRequest);
  const rank = (by: Snapshot) => rankUnder(standing, kept, input, by, ports.pricing);
  // Who goes by quality chooses freely; a named model, a chain or a turn is not overruled by a cache.
  const conversation =
    ports.sessions !== undefined && snapshot.quality !== undefined
      ? conversationOf(input.caller, inbound.request())
      : undefined;
  const { ranking, session, cost } = rankInSession(rank, kept, snapshot, conversation, ports);
  const decision: Decision = {
    id: ports.createId(),
    decidedAt: now,
    requestedModel: inbound.head.model,
    strategy: strategy.name,
    reason: ranking.reason,
    rule: ranking.rule,
    needs,
    task: snapshot.task,
    order: ranking.order.map((ranked) => entry(ranked, needs, { ...snapshot, cost }, ports)),
    removed: [...input.unavailable, ...removed, ...(ranking.removed ?? [])],
    ...(standing === undefined || standing.notices.length === 0 ? {} : { notices: standing.notices }),
    ...(session === undefined ? {} : { session }),
  };
  return { decision, order: ranking.order.map((ranked) => ranked.candidate), conversation };
}

/** The order, with what the session's prompt cache spares where it is, and what it costs to begin anew elsewhere. */
function rankInSession(
  rank: (snapshot: Snapshot) => Ranking,
  kept: readonly Candidate[],
  snapshot: Snapshot,
  conversation: string | undefined,
  { sessions, pricing, promptCaches }: DecisionPorts,
): { readonly ranking: Ranking; readonly session?: SessionCache | undefined; readonly cost: Snapshot['cost'] } {
  const warm = conversation === undefined ? undefined : sessions?.warm(conversation, snapshot.now);
  const cold = rank(snapshot);
  if (warm === undefined || promptCaches === undefined || !kept.some(({ id }) => id === warm.candidate)) {
    return { ranking: cold, cost: snapshot.cost };
  }
  const plain = snapshot.cost ?? predictCosts(kept, snapshot.needs, snapshot.task, pricing, snapshot.now);
  const { cost, saved } = sessionCosts(kept, plain, warm, snapshot, pricing, promptCaches);
  const ranking = rank({ ...snapshot, warm, cost: snapshot.cost && cost });
  return { ranking, session: sessionEffect(ranking, cold, warm, saved), cost };
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

/** Reasons that go away by themselves soon. */
const PASSES: ReadonlySet<RemovalKind> = new Set(['breaker', 'rate-limit']);

/** The error for a decision that leaves nobody. */
export function noCandidate(decision: Decision): RouterError {
  const byReason = new Map<string, string[]>();
  for (const { candidate, reason } of decision.removed) {
    const same = byReason.get(reason);
    if (same === undefined) byReason.set(reason, [candidate]);
    else same.push(candidate);
  }
  const reasons = [...byReason].map(([reason, candidates]) => `${candidates.join(', ')}: ${reason}`);
  const shown = reasons.slice(0, 8);
  const more = reasons.length > shown.length ? [`and ${reasons.length - shown.length} more`] : [];
  const kind = refusalKind(decision.removed);
  const waits = decision.removed.flatMap((one) => one.retryAfterMs ?? []);
  const what = kind === 'rate-limit' ? 'No model can take this request now' : 'No model can take this request';
  return new RouterError({
    kind,
    message:
      reasons.length === 0
        ? 'No model is configured: name a provider under "providers" in the configuration.'
        : `${what}. ${[...shown, ...more].join('; ')}.`,
    ...((kind === 'rate-limit' || kind === 'budget') && waits.length > 0 ? { retryAfterMs: Math.min(...waits) } : {}),
  });
}

/**
 * A limit passes by itself, so where one stands in the way that is what the caller should know. Translation and kept state are the request's own matter:
 * the caller can change it. Missing keys are the configuration's.
 */
function refusalKind(removed: readonly Removal[]): RouterErrorKind {
  if (removed.some((one) => one.kind === 'rate-limit')) return 'rate-limit';
  if (removed.some((one) => one.kind === 'translation' || one.kind === 'server-state')) return 'unsupported';
  // Whoever is out for good does not matter: with more money, the others would have answered.
  if (removed.some((one) => one.kind === 'budget') && !removed.some((one) => PASSES.has(one.kind))) return 'budget';
  if (removed.length > 0 && removed.every((one) => one.kind === 'missing-key')) return 'missing-key';
  // Providers that nobody has configured say nothing of the caller's rights.
  const able = removed.filter((one) => one.kind !== 'missing-key' && one.kind !== 'not-configured');
  return able.length > 0 && able.every((one) => one.kind === 'permission') ? 'permission' : 'no-candidate';
}

function takeSnapshot(
  input: DecisionInput,
  ports: DecisionPorts,
  kept: readonly Candidate[],
  needs: Needs | undefined,
  now: number,
): Snapshot {
  const wants = new Set(input.strategy.needs);
  const request = wants.size > 0 ? input.inbound.request() : undefined;
  const task =
    request !== undefined && needs !== undefined && wants.has('task')
      ? ports.analyser?.analyse(request, needs)
      : undefined;
  return {
    now,
    turn: ports.turn(),
    needs: needs ?? NO_NEEDS,
    task,
    prompt: request !== undefined && wants.has('prompt') ? lastUserText(request) : undefined,
    ...(wants.has('latency') ? expectedTimes(kept, task, ports.measurements) : {}),
    cost: wants.has('cost') && needs !== undefined ? predictCosts(kept, needs, task, ports.pricing, now) : undefined,
    quality: wants.has('quality') && task !== undefined ? expectedQualities(kept, task, ports.quality) : undefined,
    ruleUses: ports.ruleUses?.(now),
  };
}

const NO_NEEDS: Needs = {
  tools: false,
  vision: false,
  pdf: false,
  audio: false,
  jsonSchema: false,
  inputTokens: 0,
  maxOutputTokens: undefined,
};

function expectedQualities(
  candidates: readonly Candidate[],
  task: TaskProfile,
  estimate: QualityEstimate | undefined,
): ReadonlyMap<string, number> | undefined {
  if (estimate === undefined) return undefined;
  const qualities = new Map<string, number>();
  for (const candidate of candidates) {
    const quality = estimate.expect(candidate, task);
    if (quality !== undefined) qualities.set(candidate.id, quality);
  }
  return qualities;
}

function predictCosts(
  candidates: readonly Candidate[],
  needs: Needs,
  task: TaskProfile | undefined,
  pricing: Pricing | undefined,
  now: number,
): ReadonlyMap<string, number> {
  const costs = new Map<string, number>();
  for (const candidate of candidates) {
    const cost = predictedCost(candidate, needs, task, pricing, now);
    if (cost !== undefined) costs.set(candidate.id, cost);
  }
  return costs;
}

function predictedCost(
  candidate: Candidate,
  needs: Needs | undefined,
  task: TaskProfile | undefined,
  pricing: Pricing | undefined,
  now: number,
): number | undefined {
  if (needs === undefined) return undefined;
  const expected = task?.expectedOutputTokens;
  const output = Math.min(expected ?? Number.POSITIVE_INFINITY, needs.maxOutputTokens ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(output)) return undefined;
  return pricing?.predict(candidate.facts, needs.inputTokens, output, now);
}

function entry(
  ranked: RankedCandidate,
  needs: Needs | undefined,
  snapshot: Snapshot,
  { pricing, quality }: Pick<DecisionPorts, 'pricing' | 'quality'>,
): DecisionEntry {
  const { candidate } = ranked;
  const { cost, task, now } = snapshot;
  const evidence =
    snapshot.quality === undefined || task === undefined ? undefined : quality?.evidence?.(candidate, task);
  return {
    candidate: candidate.id,
    provider: candidate.provider.id,
    model: candidate.model,
    score: ranked.score,
    scoreParts: ranked.scoreParts,
    reason: ranked.reason,
    predictedCost: cost?.get(candidate.id) ?? predictedCost(candidate, needs, task, pricing, now),
    quality: snapshot.quality?.get(candidate.id),
    ...(evidence === undefined ? {} : { evidence }),
    latencyMs: ranked.latencyMs ?? snapshot.latencyMs?.get(candidate.id),
    warning: candidate.warning,
  };
}
