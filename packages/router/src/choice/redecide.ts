import {
  type AdmissionStanding,
  type Decision,
  type Pricing,
  type QualityEstimate,
  type Removal,
  type RemovalKind,
  RouterError,
  type Snapshot,
  type TaskProfile,
} from '@signalbox/core';
import type { PromptCaches } from '../sessions/session-costs.ts';
import type { Route } from './candidates.ts';
import type { Decided } from './decide.ts';
import { removeIneligible } from './eligible.ts';
import { entry, expectedQualities, predictCosts } from './predictions.ts';
import { rankInSession } from './rank-in-session.ts';
import { rankUnder } from './rank-under.ts';

/** A decision that was made, and the policy under which it is made again. */
export interface RedecideInput {
  /** As it was booked; its `needs` say what the request needed. */
  readonly recorded: Decision;
  readonly route: Route;
  readonly localOnly: boolean;
}

/** The ports that it asks: all of them as of the recorded moment, none of them today's state. */
export interface RedecidePorts {
  readonly pricing?: Pricing | undefined;
  readonly quality?: QualityEstimate | undefined;
  /** Milliseconds to the first token and to the end of an answer, as they would have been expected then; by candidate id. */
  readonly times?: ((candidate: string, task: TaskProfile | undefined) => ExpectedTimes | undefined) | undefined;
  /** Uses of rules before it on its day, by the rule's name; default: none was used. */
  readonly ruleUses?: ReadonlyMap<string, number> | undefined;
  /** How long prompt caches live and what they cost: with it, a session's warm cache counts under the strategy under which it was booked. */
  readonly promptCaches?: PromptCaches | undefined;
}

/** What was expected of a candidate then. */
interface ExpectedTimes {
  readonly firstTokenMs?: number | undefined;
  readonly latencyMs?: number | undefined;
  /** The share of its calls that failed. */
  readonly failureShare?: number | undefined;
}

/** Reasons of the moment or of the caller: no other policy would have changed them. */
const STANDS: ReadonlySet<RemovalKind> = new Set([
  'permission',
  'breaker',
  'rate-limit',
  'budget',
  'missing-key',
  'translation',
  'server-state',
]);

/**
 * Decides a request again that is not there any more, from what was booked of it: its needs, its task, its turn, who could not be asked then. No
 * clock, no call, no text. Under the policy under which it was decided, the same model comes first, as long as nothing was learned since: quality is expected as the port says it now. A
 * session's warm cache is known where it had a say (`recorded.session`) and counts under the same strategy; under another one the session would have gone elsewhere before, and nobody
 * knows where. What a rule's pattern said of the text is known for the
 * rule that was followed; others by pattern are taken not to have held: the strategy's `prompt` is that rule's name.
 *
 * Throws RouterError `usage` on a decision that was made without a look at the request.
 */
export function redecide(input: RedecideInput, ports: RedecidePorts): Decided {
  const { recorded, route, localOnly } = input;
  const { needs, task, decidedAt: now } = recorded;
  if (needs === undefined) {
    throw new RouterError({
      kind: 'usage',
      message: `The decision ${recorded.id} was made without a look at the request, so it can't be made again.`,
    });
  }
  const gone = new Map(
    recorded.removed
      .filter((one) => STANDS.has(one.kind) && one.byStrategy !== true)
      .map((one): [string, Removal] => [one.candidate, one]),
  );
  const { kept: able, removed } = removeIneligible(route.candidates, {
    needs,
    inbound: undefined,
    localOnly,
    capsOutput: route.capsOutput ?? false,
    now,
    health: undefined,
    admissionRequest: { caller: { tenant: 'local' }, needs: () => needs },
  });
  const kept = able.filter(({ id }) => !gone.has(id));
  const stood = able.map(({ id }) => gone.get(id)).filter((one) => one !== undefined);
  const times = timesOf(kept, task, ports);
  const wants = new Set(route.strategy.needs);
  const snapshot: Snapshot = {
    now,
    turn: recorded.turn ?? 0,
    needs,
    task: wants.has('task') ? task : undefined,
    prompt: wants.has('prompt') ? (recorded.rule ?? '') : undefined,
    ...(wants.has('latency') ? times : {}),
    cost: wants.has('cost') ? predictCosts(kept, needs, task, ports.pricing, now) : undefined,
    quality: wants.has('quality') && task !== undefined ? expectedQualities(kept, task, ports.quality) : undefined,
    ruleUses: ports.ruleUses,
  };
  const { cheaperFirst, notices = [] } = recorded;
  const standing: AdmissionStanding | undefined = cheaperFirst === undefined ? undefined : { cheaperFirst, notices };
  const rank = (by: Snapshot) => rankUnder(standing, kept, route, by, ports.pricing);
  const { session: then } = recorded;
  const isSame = recorded.strategy === route.strategy.name && snapshot.quality !== undefined;
  const warm = then === undefined || !isSame ? undefined : { candidate: then.holder, tokens: then.tokens };
  const { ranking, session, cost } = rankInSession(rank, kept, snapshot, warm, ports);
  const { session: _, ...rest } = recorded;
  return {
    decision: {
      ...rest,
      ...(session === undefined ? {} : { session }),
      strategy: route.strategy.name,
      reason: ranking.reason,
      rule: ranking.rule,
      order: ranking.order.map((ranked) => entry(ranked, needs, { ...snapshot, cost }, ports)),
      removed: [...removed, ...stood, ...(ranking.removed ?? [])],
    },
    order: ranking.order.map((ranked) => ranked.candidate),
  };
}

function timesOf(
  candidates: Decided['order'],
  task: TaskProfile | undefined,
  { times }: RedecidePorts,
): Pick<Snapshot, 'firstTokenMs' | 'latencyMs' | 'failureShare'> {
  const firstTokenMs = new Map<string, number>();
  const latencyMs = new Map<string, number>();
  const failureShare = new Map<string, number>();
  for (const { id } of candidates) {
    const known = times?.(id, task);
    if (known?.firstTokenMs !== undefined) firstTokenMs.set(id, known.firstTokenMs);
    if (known?.latencyMs !== undefined) latencyMs.set(id, known.latencyMs);
    if (known?.failureShare !== undefined) failureShare.set(id, known.failureShare);
  }
  return { firstTokenMs, latencyMs, failureShare };
}
