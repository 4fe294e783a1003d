import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  aCount,
  aListOf,
  anObject,
  anyText,
  aPort,
  aText,
  type Clock,
  type OptionRule,
  type OptionRules,
  parseJson,
  requireOptions,
  systemClock,
} from '@signalbox/core';
import { createBatchShelf } from './batch-shelf.ts';
import type { Behaviour } from './behaviour.ts';
import { runExchange } from './exchange.ts';
import type { ExchangeSettings } from './fault-context.ts';
import { createPromptCache } from './prompt-cache.ts';
import { createRequestCounter } from './request-limit.ts';
import { createLogEntry, type LoggedRequest, type OpenLogEntry } from './request-log.ts';
import { createBehaviourSource, type ScriptRule } from './script.ts';

/** How a simulator answers. */
export interface SimulatorHandlerOptions {
  /** Another seed gives other words and ids; default 1. */
  readonly seed?: number | undefined;
  /** Where delays and dates come from; default the machine's time. */
  readonly clock?: Clock | undefined;
  /** For every request, e.g. `{ latency: 200, rate: 50 }`; script, prompt and header override single keys. */
  readonly behaviour?: Behaviour | undefined;
  /** Keys that are let in; any other is answered as the vendor answers a wrong key. Default: any key, or none. */
  readonly requireKey?: string | readonly string[] | undefined;
  /** Names for the lists of models; any other name is answered as well. */
  readonly models?: readonly string[] | undefined;
}

const KEYS = aListOf(aText(), 'a list of keys');
const A_KEY_OR_KEYS: OptionRule = {
  what: 'a key, or a list of keys',
  holds: (value) => anyText.holds(value) || KEYS.holds(value),
  inside: (value) => KEYS.inside?.(value) ?? [],
};

/** Of `behaviour` every key is checked where it is read. */
export const HANDLER_RULES: OptionRules<SimulatorHandlerOptions> = {
  seed: aCount(0),
  clock: aPort('a clock, such as systemClock of @signalbox/core', ['now', 'after']),
  behaviour: anObject('an object, such as { latency: 200 }'),
  requireKey: A_KEY_OR_KEYS,
  models: aListOf(aText(), 'a list of names of models'),
};

/** The simulator without a socket: for a server of one's own. */
export interface SimulatorHandler {
  /** A listener for `node:http`. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** What was received, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** Resolves with the next request that arrives, when its body has been read. */
  nextRequest(): Promise<LoggedRequest>;
  /** Replaces the script. The first rule that matches decides. @throws RouterError `invalid-request` for a bad behaviour. */
  script(rules: readonly ScriptRule[]): void;
  /** Empties log, script, counters and prompt cache. */
  reset(): void;
  /** Lets go of every exchange that is still waiting. */
  stop(): void;
}

/** More is refused: a request to a language model stays far below. */
const MOST_BODY_BYTES = 64 * 1024 * 1024;

/**
 * Makes a listener that answers like five LLM APIs.
 *
 * @throws RouterError `configuration` for a bad option, `invalid-request` where `behaviour` holds an unknown key or a bad value.
 */
export function createSimulatorHandler(options: SimulatorHandlerOptions = {}): SimulatorHandler {
  requireOptions('createSimulatorHandler', options, HANDLER_RULES);
  const requests: LoggedRequest[] = [];
  let waiting: ((request: LoggedRequest) => void)[] = [];
  let received = 0;
  const usedConnections = new WeakSet<Socket>();
  const stopped = new AbortController();
  const { requireKey } = options;
  const settings: ExchangeSettings = {
    seed: options.seed ?? 1,
    clock: options.clock ?? systemClock,
    keys: typeof requireKey === 'string' ? [requireKey] : requireKey,
    models: options.models,
    behaviours: createBehaviourSource(options.behaviour ?? {}),
    cache: createPromptCache(),
    counter: createRequestCounter(),
    batches: createBatchShelf(),
  };

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'http://simulator');
    const entry = createLogEntry(message.method ?? 'GET', url, message.headers, settings.clock.now());
    const reused = usedConnections.has(message.socket);
    usedConnections.add(message.socket);
    const gone = watchCaller(response, entry, stopped.signal);
    try {
      const bodyText = await readText(message);
      if (bodyText !== undefined && bodyText !== '') entry.body = parseJson(bodyText) ?? bodyText;
      received += 1;
      requests.push(entry);
      for (const tell of waiting.splice(0)) tell(entry);
      if (bodyText === undefined) return refuseSize(response, entry);
      await runExchange(settings, { message, response, url, bodyText, entry, position: received, reused, ...gone });
    } catch (error) {
      // A body that breaks off belongs to a caller who is gone; anything else is a fault of the simulator and must be seen.
      if (gone.signal.aborted) return;
      const text = error instanceof Error ? error.message : String(error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `The simulator failed: ${text}`, type: 'simulator_error' } }));
    } finally {
      if (response.closed || response.writableFinished) entry.finish();
      else response.once('close', entry.finish);
    }
  }

  return {
    handle: (message, response) => void answer(message, response),
    requests,
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    script: (rules) => settings.behaviours.script(rules),
    reset() {
      requests.length = 0;
      waiting = [];
      received = 0;
      settings.behaviours.reset();
      settings.cache.clear();
      settings.counter.clear();
      settings.batches.clear();
    },
    stop: () => stopped.abort(),
  };
}

/** Notices a caller who hangs up. The simulator's own break is not an abort. */
function watchCaller(response: ServerResponse, entry: OpenLogEntry, stopped: AbortSignal) {
  const controller = new AbortController();
  let broken = false;
  response.on('close', () => {
    if (!response.writableFinished && !broken && !stopped.aborted) entry.aborted = true;
    controller.abort();
  });
  return {
    signal: AbortSignal.any([controller.signal, stopped]),
    onBreak: () => {
      broken = true;
    },
  };
}

/** The body as text; undefined where it is too large. */
async function readText(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refuseSize(response: ServerResponse, entry: OpenLogEntry): void {
  entry.status = 413;
  response.writeHead(413, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ error: { message: 'The request is larger than 64 MB.', type: 'request_too_large' } }));
}
