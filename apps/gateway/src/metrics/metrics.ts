import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger, LedgerRow, Usage } from '@signalbox/core';
import type { Router } from '@signalbox/router';
import type { Registry } from 'prom-client';
import { createSpreads, createTallies, type MetricsLibrary, type Spread, type Tally } from './metric-tallies.ts';
import type { RequestRecord } from './request-record.ts';

/** Counts what a gateway does, for Prometheus. In memory: nothing waits for it. */
export interface GatewayMetrics {
  /** Counts each attempt and hands it on. */
  ledger(next: Ledger | undefined): Ledger;
  /** Counts a request that is over. */
  request(record: RequestRecord): void;
  /** The state of endpoints is asked of this router from now on. */
  watch(router: Pick<Router, 'endpoints'>): void;
  readonly contentType: string;
  /** All figures in Prometheus's text format. */
  text(): Promise<string>;
  /** The same as plain values, for another process: see `aggregateMetrics`. */
  snapshot(): Promise<MetricsSnapshot>;
}

/** The figures of one process. Opaque, and fit to be sent to another. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/**
 * The figures of several processes as one text: counters and histograms are sums, an endpoint is available where it is so for every process, and of
 * Node's own figures each goes the way that prom-client has for it.
 */
export async function aggregateMetrics(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  const { AggregatorRegistry } = await loadLibrary();
  return AggregatorRegistry.aggregate([...snapshots]).metrics();
}

/** As a whole: a bundle has no names of a module in CommonJS that is loaded later. */
const loadLibrary = async (): Promise<MetricsLibrary> => (await import('prom-client')).default;

/** Prometheus's text format. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** Milliseconds in which the first figures of Node's event loop come: it is looked at every 10. */
const FIRST_FIGURES_MS = 30;

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300];
/** Models that have figures of their own; callers can make names up, and each would stay in memory. */
const MOST_MODELS = 500;
const NANO = 1e9;

type TokenKind = 'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning';

/** The series of one model, found once: a look-up by labels costs more than the counting. */
interface ModelSeries {
  readonly labels: { readonly provider: string; readonly model: string };
  /** By outcome, then by cause: words that are put together have to be looked at letter by letter. */
  readonly outcomes: Map<string, Map<string, Tally>>;
  readonly tokens: Readonly<Record<TokenKind, Tally>>;
  readonly cost: Tally;
  readonly firstContent: Spread;
}

/** The same of one API. */
interface ApiSeries {
  /** By status, then by outcome. */
  readonly ends: Map<number, Map<string, Tally>>;
  readonly spread: Spread;
}

/** What a map has for a key, made where it has nothing yet. */
function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let found = map.get(key);
  if (found === undefined) {
    found = make();
    map.set(key, found);
  }
  return found;
}

const newMap = <Key, Value>(): Map<Key, Value> => new Map();

/**
 * Makes the metrics of one gateway. It counts from now on; the library that writes figures down, and Node's own figures of its event loop and its collector, begin with the first question for
 * them: to look at the event loop wakes a gateway that nobody uses a hundred times a second.
 *
 * @example
 * ```ts
 * const metrics = createGatewayMetrics();
 * const ready = await setupRouter({ configuration, env, definitions, ledger: metrics.ledger(undefined) });
 * const gateway = await serveGateway({ router: ready.router, metrics }); // GET /metrics
 * ```
 */
export function createGatewayMetrics(): GatewayMetrics {
  const model = ['provider', 'model'] as const;
  const requests = createTallies({
    name: 'signalbox_requests_total',
    help: 'Requests that are over, by the API, the HTTP status and how they ended.',
    labelNames: ['api', 'status', 'outcome'],
  });
  const duration = createSpreads({
    name: 'signalbox_request_seconds',
    help: "From a request's head to the last byte of its answer.",
    bounds: SECONDS,
  });
  const attempts = createTallies({
    name: 'signalbox_attempts_total',
    help: 'Calls to providers, by how they ended and why they were made.',
    labelNames: [...model, 'outcome', 'cause'],
  });
  const tokens = createTallies({
    name: 'signalbox_tokens_total',
    help: 'Tokens; cache_read and cache_write are parts of input, reasoning is a part of output.',
    labelNames: [...model, 'kind'],
  });
  const cost = createTallies({
    name: 'signalbox_cost_usd_total',
    help: 'Dollars, where the price is known.',
    labelNames: model,
  });
  const firstContent = createSpreads({
    name: 'signalbox_first_content_seconds',
    help: 'From a call to its first content.',
    bounds: SECONDS,
  });
  let watched: Pick<Router, 'endpoints'> | undefined;
  /** Whether endpoints may be called, asked when figures are. */
  function showEndpoints({ Gauge }: MetricsLibrary, registry: Registry): void {
    new Gauge({
      name: 'signalbox_endpoint_available',
      help: 'Whether an endpoint that failed before may be called: 0 while its breaker is open or its key is parked.',
      labelNames: [...model, 'key'] as const,
      aggregator: 'min',
      registers: [registry],
      collect() {
        this.reset();
        for (const { provider, model: id, providerKey, state } of watched?.endpoints() ?? []) {
          this.set({ provider, model: id, key: providerKey ?? '' }, state === 'open' || state === 'parked' ? 0 : 1);
        }
      },
    });
  }

  async function show(): Promise<Registry> {
    const library = await loadLibrary();
    const registry = new library.Registry();
    library.collectDefaultMetrics({ register: registry });
    for (const metric of [requests, duration, attempts, tokens, cost, firstContent]) metric.show(library, registry);
    showEndpoints(library, registry);
    await sleep(FIRST_FIGURES_MS);
    return registry;
  }

  let shown: Promise<Registry> | undefined;
  function registry(): Promise<Registry> {
    shown ??= show();
    return shown;
  }

  const apis = new Map<string, ApiSeries>();
  /** By provider, then by model: names that are there already are found without being put together. */
  const byProvider = new Map<string, Map<string, ModelSeries>>();
  let models = 0;
  function seriesOf(provider: string, id: string): ModelSeries {
    const known = byProvider.get(provider)?.get(id);
    if (known !== undefined) return known;
    if (models >= MOST_MODELS && id !== 'other') return seriesOf('other', 'other');
    const labels = { provider, model: id };
    const kind = (one: TokenKind) => tokens.of({ ...labels, kind: one });
    const series: ModelSeries = {
      labels,
      outcomes: new Map(),
      tokens: {
        input: kind('input'),
        output: kind('output'),
        cache_read: kind('cache_read'),
        cache_write: kind('cache_write'),
        reasoning: kind('reasoning'),
      },
      cost: cost.of(labels),
      firstContent: firstContent.of(labels),
    };
    const ofProvider = byProvider.get(provider) ?? new Map<string, ModelSeries>();
    byProvider.set(provider, ofProvider.set(id, series));
    models += 1;
    return series;
  }

  function countAttempt({ attempt }: LedgerRow): void {
    const { provider, model: id, outcome, cause, usage, firstContentMs, cost: paid } = attempt;
    const series = seriesOf(provider, id);
    const byCause = entryOf(series.outcomes, outcome, newMap<string, Tally>);
    entryOf(byCause, cause, () => attempts.of({ ...series.labels, outcome, cause })).add(1);
    if (firstContentMs !== undefined) series.firstContent.observe(firstContentMs / 1000);
    if (usage !== undefined) countTokens(series, usage);
    if (paid !== undefined && paid.nanoUsd > 0) series.cost.add(paid.nanoUsd / NANO);
  }

  return {
    ledger: (next) => ({
      append(row) {
        countAttempt(row);
        next?.append(row);
      },
    }),
    request({ api, status, outcome, durationMs }) {
      const { ends, spread } = entryOf(apis, api, () => ({ ends: new Map(), spread: duration.of({ api }) }));
      const byOutcome = entryOf(ends, status, newMap<string, Tally>);
      entryOf(byOutcome, outcome, () => requests.of({ api, status: String(status), outcome })).add(1);
      spread.observe(durationMs / 1000);
    },
    watch(router) {
      watched = router;
    },
    contentType: CONTENT_TYPE,
    text: async () => (await registry()).metrics(),
    snapshot: async () => (await registry()).getMetricsAsJSON(),
  };
}

function countTokens({ tokens }: ModelSeries, usage: Usage): void {
  count(tokens.input, usage.inputTokens);
  count(tokens.output, usage.outputTokens);
  count(tokens.cache_read, usage.cacheReadTokens);
  count(tokens.cache_write, (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0));
  count(tokens.reasoning, usage.reasoningTokens);
}

/** A provider that sends nonsense must not stop the counting: counters only go up. */
function count(tally: Tally, tokens: number | undefined): void {
  if (tokens !== undefined && tokens > 0) tally.add(tokens);
}
