import type { Ledger, LedgerRow, Usage } from '@signalbox/core';
import type { Router } from '@signalbox/router';
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
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
export function aggregateMetrics(snapshots: readonly MetricsSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate([...snapshots]).metrics();
}

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300];
/** Models that have figures of their own; callers can make names up, and each would stay in memory. */
const MOST_MODELS = 500;
const NANO = 1e9;

type TokenKind = 'input' | 'output' | 'cache_read' | 'cache_write' | 'reasoning';

/** The series of one model, found once: a look-up by labels costs more than the counting. */
interface ModelSeries {
  readonly labels: { readonly provider: string; readonly model: string };
  readonly outcomes: Map<string, { inc(): void }>;
  readonly tokens: Readonly<Record<TokenKind, { inc(by: number): void }>>;
  readonly cost: { inc(by: number): void };
  readonly firstContent: { observe(seconds: number): void };
}

/**
 * Makes the metrics of one gateway.
 *
 * @example
 * ```ts
 * const metrics = createGatewayMetrics();
 * const ready = await setupRouter({ configuration, env, definitions, ledger: metrics.ledger(undefined) });
 * const gateway = await serveGateway({ router: ready.router, metrics }); // GET /metrics
 * ```
 */
export function createGatewayMetrics(): GatewayMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const model = ['provider', 'model'] as const;
  const requests = new Counter({
    name: 'signalbox_requests_total',
    help: 'Requests that are over, by the API, the HTTP status and how they ended.',
    labelNames: ['api', 'status', 'outcome'] as const,
    registers,
  });
  const duration = new Histogram({
    name: 'signalbox_request_seconds',
    help: "From a request's head to the last byte of its answer.",
    labelNames: ['api'] as const,
    buckets: SECONDS,
    registers,
  });
  const attempts = new Counter({
    name: 'signalbox_attempts_total',
    help: 'Calls to providers, by how they ended and why they were made.',
    labelNames: [...model, 'outcome', 'cause'] as const,
    registers,
  });
  const tokens = new Counter({
    name: 'signalbox_tokens_total',
    help: 'Tokens; cache_read and cache_write are parts of input, reasoning is a part of output.',
    labelNames: [...model, 'kind'] as const,
    registers,
  });
  const cost = new Counter({
    name: 'signalbox_cost_usd_total',
    help: 'Dollars, where the price is known.',
    labelNames: model,
    registers,
  });
  const firstContent = new Histogram({
    name: 'signalbox_first_content_seconds',
    help: 'From a call to its first content.',
    labelNames: model,
    buckets: SECONDS,
    registers,
  });
  let watched: Pick<Router, 'endpoints'> | undefined;
  new Gauge({
    name: 'signalbox_endpoint_available',
    help: 'Whether an endpoint that failed before may be called: 0 while its breaker is open or its key is parked.',
    labelNames: [...model, 'key'] as const,
    aggregator: 'min',
    registers,
    collect() {
      this.reset();
      for (const { provider, model: id, providerKey, state } of watched?.endpoints() ?? []) {
        this.set({ provider, model: id, key: providerKey ?? '' }, state === 'open' || state === 'parked' ? 0 : 1);
      }
    },
  });

  const byModel = new Map<string, ModelSeries>();
  function seriesOf(provider: string, id: string): ModelSeries {
    const name = `${provider}/${id}`;
    const known = byModel.get(name);
    if (known !== undefined) return known;
    if (byModel.size >= MOST_MODELS && id !== 'other') return seriesOf('other', 'other');
    const labels = { provider, model: id };
    const kind = (one: TokenKind) => tokens.labels({ ...labels, kind: one });
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
      cost: cost.labels(labels),
      firstContent: firstContent.labels(labels),
    };
    byModel.set(name, series);
    return series;
  }

  function countAttempt({ attempt }: LedgerRow): void {
    const { provider, model: id, outcome, cause, usage, firstContentMs, cost: paid } = attempt;
    const series = seriesOf(provider, id);
    const end = `${outcome} ${cause}`;
    let counter = series.outcomes.get(end);
    if (counter === undefined) {
      counter = attempts.labels({ ...series.labels, outcome, cause });
      series.outcomes.set(end, counter);
    }
    counter.inc();
    if (firstContentMs !== undefined) series.firstContent.observe(firstContentMs / 1000);
    if (usage !== undefined) countTokens(series, usage);
    if (paid !== undefined && paid.nanoUsd > 0) series.cost.inc(paid.nanoUsd / NANO);
  }

  return {
    ledger: (next) => ({
      append(row) {
        countAttempt(row);
        next?.append(row);
      },
    }),
    request({ api, status, outcome, durationMs }) {
      requests.inc({ api, status, outcome });
      duration.observe({ api }, durationMs / 1000);
    },
    watch(router) {
      watched = router;
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
    snapshot: () => registry.getMetricsAsJSON(),
  };
}

function countTokens({ tokens }: ModelSeries, usage: Usage): void {
  const written = (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0);
  const counts: readonly (readonly [TokenKind, number | undefined])[] = [
    ['input', usage.inputTokens],
    ['output', usage.outputTokens],
    ['cache_read', usage.cacheReadTokens],
    ['cache_write', written],
    ['reasoning', usage.reasoningTokens],
  ];
  // A provider that sends nonsense must not stop the counting: counters only go up.
  for (const [kind, count] of counts) if (count !== undefined && count > 0) tokens[kind].inc(count);
}
