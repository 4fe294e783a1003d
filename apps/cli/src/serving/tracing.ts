import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { type Attempt, entryOf, type Usage } from '@signalbox/core';
import type { RequestRecord } from '@signalbox/gateway';
import { samplerOf } from './trace-sampler.ts';

/** Sends a trace of each request to a collector. */
export interface Tracing {
  request(record: RequestRecord): void;
  /** Sends what waits. */
  close(): Promise<void>;
}

/** Milliseconds that traces may take on their way, where no variable says so: a gateway that ends must not wait for a collector that is gone. */
const EXPORT_MS = 3_000;

/** The variables of the OpenTelemetry specification that say where traces go. */
const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

/**
 * Tracing by OTLP over HTTP, where the environment names an endpoint; undefined: nothing is traced, and nothing of it is loaded. The exporter reads its own variables
 * (`OTEL_EXPORTER_OTLP_HEADERS`, ...); `OTEL_TRACES_SAMPLER` says how many are kept; `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say more of the service. A collector that can't be reached is told of once, and again only after it could: nothing else depends on it.
 */
export async function createTracing(
  env: NodeJS.ProcessEnv,
  onFault: (sentence: string) => void,
): Promise<Tracing | undefined> {
  if (env.OTEL_SDK_DISABLED === 'true' || !ENDPOINTS.some((name) => env[name])) return undefined;
  const [
    { BatchSpanProcessor, TracerProvider, ...samplers },
    { OTLPTraceExporter },
    { detectResources, envDetector, resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const patient = Object.keys(env).some((name) => /^OTEL_EXPORTER_OTLP_(TRACES_)?TIMEOUT$/.test(name));
  const exporter = new OTLPTraceExporter(patient ? {} : { timeoutMillis: EXPORT_MS });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'signalbox' }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    sampler: samplerOf(env, samplers, onFault),
    spanProcessors: [new BatchSpanProcessor({ exporter: tellingOfFaults(exporter, onFault) })],
  });
  const tracer = provider.getTracer('signalbox');
  return {
    request: (record) => traceRequest(tracer, record),
    // What could not be sent has been told of.
    close: () => provider.shutdown().catch(() => undefined),
  };
}

function tellingOfFaults(exporter: SpanExporter, onFault: (sentence: string) => void): SpanExporter {
  let told = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && !told) {
          const { code, name } = result.error as NodeJS.ErrnoException;
          onFault(`Traces can't be sent to the collector (${code ?? name}); requests go on without them.`);
        }
        told = result.error !== undefined;
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}

/** Names that the conventions have for providers, where ours are other ones. */
const PROVIDER_NAMES: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  google: 'gcp.gemini',
  mistral: 'mistral_ai',
  moonshot: 'moonshot_ai',
  xai: 'x_ai',
};
const providerName = (id: string | undefined) => (id === undefined ? undefined : (entryOf(PROVIDER_NAMES, id) ?? id));

/** One span for the request and one for each call to a provider, after the fact: names are those of the GenAI conventions (semantic-conventions 1.45, incubating). */
function traceRequest(tracer: Tracer, record: RequestRecord): void {
  const { api, startedAt, durationMs, requestedModel, model, provider, caller, error, attempts } = record;
  const operation = api.endsWith('-embeddings') ? 'embeddings' : api.endsWith('-tokens') ? 'count_tokens' : 'chat';
  const span = tracer.startSpan(
    requestedModel === undefined ? operation : `${operation} ${requestedModel}`,
    {
      kind: SpanKind.SERVER,
      startTime: startedAt,
      attributes: present({
        'gen_ai.operation.name': operation,
        'gen_ai.request.model': requestedModel,
        'gen_ai.response.model': model,
        'gen_ai.provider.name': providerName(provider),
        'gen_ai.conversation.id': caller?.session,
        'http.response.status_code': record.status,
        'error.type': error,
        'user.id': caller?.user,
        'signalbox.request.id': record.id,
        'signalbox.api': api,
        'signalbox.strategy': record.strategy,
        'signalbox.lane': record.lane,
        'signalbox.outcome': record.outcome,
        'signalbox.key': caller?.key,
        'signalbox.attempts': attempts.length,
      }),
    },
    parentOf(record.traceparent),
  );
  for (const attempt of attempts) traceAttempt(tracer, attempt, operation, trace.setSpan(ROOT_CONTEXT, span));
  end(span, record.outcome === 'complete' ? undefined : (error ?? record.outcome), startedAt + durationMs);
}

function traceAttempt(tracer: Tracer, attempt: Attempt, operation: string, parent: Context): void {
  const { provider, model, usage, startedAt, error } = attempt;
  const span = tracer.startSpan(
    `${operation} ${model}`,
    {
      kind: SpanKind.CLIENT,
      startTime: startedAt,
      attributes: present({
        'gen_ai.operation.name': operation,
        'gen_ai.provider.name': providerName(provider),
        'gen_ai.request.model': model,
        'gen_ai.response.model': attempt.answeredBy,
        'gen_ai.usage.input_tokens': usage?.inputTokens,
        'gen_ai.usage.output_tokens': usage?.outputTokens,
        'gen_ai.usage.cache_read.input_tokens': usage?.cacheReadTokens,
        'gen_ai.usage.cache_creation.input_tokens': writtenTokens(usage),
        'gen_ai.usage.reasoning.output_tokens': usage?.reasoningTokens,
        'gen_ai.response.time_to_first_chunk':
          attempt.firstContentMs === undefined ? undefined : attempt.firstContentMs / 1_000,
        'gen_ai.response.finish_reasons': attempt.finish === undefined ? undefined : [attempt.finish.reason],
        'error.type': error?.kind,
        'http.response.status_code': error?.status,
        'signalbox.cause': attempt.cause,
        'signalbox.cost.usd': attempt.cost === undefined ? undefined : attempt.cost.nanoUsd / 1e9,
      }),
    },
    parent,
  );
  end(span, error?.kind, startedAt + attempt.durationMs);
}

function writtenTokens({ cacheWrite5mTokens, cacheWrite1hTokens }: Partial<Usage> = {}): number | undefined {
  if (cacheWrite5mTokens === undefined && cacheWrite1hTokens === undefined) return undefined;
  return (cacheWrite5mTokens ?? 0) + (cacheWrite1hTokens ?? 0);
}

function end(span: Span, failure: string | undefined, at: number): void {
  // The kind of it alone: a message may quote what was said.
  if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
  span.end(at);
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The caller's span, where it named one (https://www.w3.org/TR/trace-context/). */
function parentOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function present(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}
