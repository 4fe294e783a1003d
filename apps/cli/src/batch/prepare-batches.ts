import { encodeItem, splitBatches } from '@signalbox/batch';
import {
  type BatchCodec,
  type BatchItem,
  type Candidate,
  estimateTokens,
  inboundFromRequest,
  lastUserText,
  type Pricing,
  type Provider,
  RouterError,
} from '@signalbox/core';
import type { LoadedRouter } from '../configuration/load-router.ts';
import { chooseRoute, type RouteOptions } from '../prompt/choose-route.ts';
import type { BatchLine } from './batch-lines.ts';

/** One request, and where it goes. */
interface PreparedItem {
  readonly item: BatchItem;
  readonly ownId: string;
  readonly candidate: Candidate;
  readonly bytes: number;
  /** Estimated, at batch prices; undefined where the price is unknown. */
  readonly predicted: number | undefined;
  /** The same at the usual prices. */
  readonly usual: number | undefined;
}

/** Requests that are handed in together. */
export interface PreparedBatch {
  readonly provider: Provider;
  readonly items: readonly PreparedItem[];
}

/** What batches are prepared with. */
export interface Preparing {
  readonly ready: LoadedRouter;
  /** What flags say of the route; it holds for all lines. */
  readonly options: RouteOptions;
  readonly pricing: Pricing;
  /** Unix milliseconds: the day whose prices hold. */
  readonly now: number;
}

/** What goes to which provider, in batches that it takes. Throws RouterError where a request has nobody with a batch API. */
export function prepareBatches(lines: readonly BatchLine[], preparing: Preparing): readonly PreparedBatch[] {
  const byProvider = new Map<Provider, PreparedItem[]>();
  for (const [index, line] of lines.entries()) {
    const prepared = prepare(line, `r${index + 1}`, preparing);
    const { provider } = prepared.candidate;
    const same = byProvider.get(provider);
    if (same === undefined) byProvider.set(provider, [prepared]);
    else same.push(prepared);
  }
  return [...byProvider].flatMap(([provider, items]) =>
    splitBatches(
      items,
      provider.batches as BatchCodec,
      ({ candidate }) => candidate.id,
      ({ bytes }) => bytes,
    ).map((batch) => ({ provider, items: batch })),
  );
}

function prepare(line: BatchLine, id: string, { ready, options, pricing, now }: Preparing): PreparedItem {
  const named = Object.values(options).some((value) => value !== undefined);
  const route =
    !named && line.model !== undefined ? ready.resolver.model(line.model) : chooseRoute(ready, undefined, options);
  const able = route.candidates.filter(({ provider }) => provider.batches !== undefined);
  if (able.length === 0) {
    const [first] = route.candidates;
    const others = [...new Set(ready.providers.filter(({ batches }) => batches !== undefined).map(({ id }) => id))];
    const instead =
      others.length === 0
        ? 'no provider here has one'
        : `${others.join(' and ')} ${others.length === 1 ? 'has' : 'have'} one`;
    throw new RouterError({
      kind: 'usage',
      message: `"${line.id}" would go to ${first?.id ?? 'nobody'}, which has no batch API that Signalbox speaks; ${instead}. --parallel works with everybody.`,
    });
  }
  const inbound = inboundFromRequest(line.request);
  const decision = ready.router.decide({ inbound, route: { ...route, candidates: able } });
  const candidate = able.find((one) => one.id === decision.order[0]?.candidate);
  if (candidate === undefined) {
    const reasons = decision.removed.map(({ candidate: id, reason }) => `${id}: ${reason}`);
    throw new RouterError({
      kind: decision.removed.some(({ kind }) => kind === 'budget') ? 'budget' : 'no-candidate',
      message: `No model can take "${line.id}". ${reasons.slice(0, 4).join('; ')}.`,
    });
  }
  const { notes: _, ...item } = encodeItem(id, candidate, line.request);
  const usage = {
    inputTokens: decision.needs?.inputTokens ?? estimateTokens(lastUserText(line.request)),
    outputTokens: Math.min(
      decision.task?.expectedOutputTokens ?? 500,
      line.request.maxOutputTokens ?? Number.POSITIVE_INFINITY,
    ),
    provenance: 'estimated' as const,
  };
  return {
    item,
    ownId: line.id,
    candidate,
    bytes: Buffer.byteLength(JSON.stringify(item.request.body)) + 200,
    predicted: pricing.cost(candidate.facts, { ...usage, serviceTier: 'batch' }, now)?.nanoUsd,
    usual: pricing.cost(candidate.facts, usage, now)?.nanoUsd,
  };
}
