import {
  type Caller,
  type EmbeddingRequest,
  type Inbound,
  inboundFromRequest,
  type ModelRequest,
  type ModelResponse,
  ProviderError,
  RouterError,
  type StreamEvent,
  UnansweredRequest,
} from '@signalbox/core';
import { callerOf, LOCAL_CALLER } from './caller/caller-of.ts';
import { createHookedEvents, type HookedEvents, hookedResponse } from './hooks/hooked-events.ts';
import type { HookContext, Hooks } from './hooks/hooks.ts';
import { boundHooks } from './hooks/run-hook.ts';
import { createEventOutlet, type EventOutlet } from './lanes/event-outlet.ts';
import type { ForwardResult, RouteCall, RouteRecord, Router } from './router.ts';

/**
 * A router whose requests and answers pass by hooks. Where `onRequest` lets pass, a request goes on as it came, by the byte lane too; an answer that is looked at, or a request that
 * was changed, is decoded and encoded anew. `local` is who asks where a call does not say, as in `createRouter`'s `caller`; a router that `createRouter` made with `hooks` needs no telling.
 *
 * @example
 * ```ts
 * const gateway = await serveGateway({ router: withHooks(router, { onText: (text) => text.replaceAll('Heron', '[project]') }) });
 * ```
 */
export function withHooks(router: Router, hooks: Hooks, local: Caller = LOCAL_CALLER): Router {
  const bounded = boundHooks(hooks);
  const readsAnswers = hooks.onText !== undefined || hooks.onResponse !== undefined;

  /** The call with the request that the hooks let through. */
  async function admit<Call extends RouteCall>(call: Call): Promise<Call> {
    if (hooks.onRequest === undefined) return call;
    const { inbound } = call;
    const request = inbound.request();
    const admitted = await bounded.request(request, contextOf(call, inbound));
    if (admitted === request) return call;
    return { ...call, ...chosenAnew(call, admitted.model), inbound: inboundOf(inbound, admitted) };
  }

  const admitProgram = async (request: ModelRequest, rest: Omit<RouteCall, 'inbound'>, stream: boolean) => {
    const { inbound, ...admitted } = await admit({ ...rest, inbound: inboundFromRequest({ ...request, stream }) });
    return { request: inbound.request(), rest: admitted };
  };

  return {
    decide: (call) => router.decide(call),
    explain: async (call) => router.explain(await admit(call)),
    countTokens: async (call) => router.countTokens(await admit(call)),

    async forward(call) {
      const admitted = await admit(call);
      const { wire } = admitted.inbound;
      if (!readsAnswers || wire === undefined) return router.forward(admitted);
      const outlet = createEventOutlet(wire.format);
      const given = new AbortController();
      const signal = call.signal === undefined ? given.signal : AbortSignal.any([call.signal, given.signal]);
      const inbound: Inbound = { ...admitted.inbound, mustDecode: true, wire: { ...wire, format: outlet.format } };
      const result = await router.forward({ ...admitted, signal, inbound });
      const context = { ...contextOf(call, call.inbound), candidate: result.candidate.id };
      if (!result.streamed) return { ...result, body: whole(outlet, result, context) };
      let stop: RouterError | undefined;
      const hooked = createHookedEvents(hooks, bounded, () => context);
      const body = stream(outlet, result.body, hooked, given, (error) => {
        stop = error;
      });
      return { ...result, body, stopped: () => stop };
    },

    async stream(request, rest = {}) {
      const admitted = await admitProgram(request, rest, true);
      const result = await router.stream(admitted.request, admitted.rest);
      if (!readsAnswers) return result;
      const context = {
        ...contextOf(rest, { head: { stream: true, model: request.model } }),
        candidate: result.candidate.id,
      };
      return {
        ...result,
        events: pass(
          result.events,
          createHookedEvents(hooks, bounded, () => context),
        ),
      };
    },

    async generate(request, rest = {}) {
      const admitted = await admitProgram(request, rest, false);
      const result = await router.generate(admitted.request, admitted.rest);
      if (!readsAnswers) return result;
      const context = {
        ...contextOf(rest, { head: { stream: false, model: request.model } }),
        candidate: result.candidate.id,
      };
      return { ...result, response: await checked(result, result.response, context) };
    },

    async embed(request, rest = {}) {
      return router.embed(hooks.onRequest === undefined ? request : await admitTexts(request, rest), rest);
    },

    async kept(call) {
      if (!readsAnswers || !call.question.readsAnswer) return router.kept(call);
      const message =
        'This gateway has hooks that look at answers, and they do not see what a provider keeps: it can be deleted here, not read.';
      throw new RouterError({ kind: 'unsupported', message });
    },

    get candidates() {
      return router.candidates;
    },
    endpoints: () => router.endpoints(),
    measured: (candidate) => router.measured(candidate),
    close: () => router.close(),
  };

  async function* whole(outlet: EventOutlet, result: ForwardResult, context: HookContext) {
    yield outlet.encodeResponse(await checked(result, await outlet.response(result.body), context));
  }

  /** A whole answer as the hooks let it through. Throws UnansweredRequest where they don't: it was paid for. */
  function checked({ decision, attempts }: RouteRecord, response: ModelResponse, context: HookContext) {
    return hookedResponse(response, hooks, bounded, context).catch((error: unknown) => {
      throw RouterError.is(error) ? new UnansweredRequest(decision, attempts, error) : error;
    });
  }

  function contextOf(
    { caller }: Pick<RouteCall, 'caller'>,
    { head, wire }: Pick<Inbound, 'head' | 'wire'>,
  ): HookContext {
    const { tenant, user, key, session, tags } = callerOf(caller, local);
    return {
      caller: { tenant, user, key, session, tags },
      api: wire?.format.id,
      stream: head.stream,
      model: head.model,
    };
  }

  /** Texts to embed, as the words of a user. */
  async function admitTexts(request: EmbeddingRequest, rest: Omit<RouteCall, 'inbound'>): Promise<EmbeddingRequest> {
    const texts = request.inputs.filter((input) => typeof input === 'string');
    const asked: ModelRequest = {
      model: request.model,
      system: [],
      messages: [{ role: 'user', parts: texts.map((text) => ({ type: 'text', text })) }],
    };
    const context = contextOf(rest, { head: { stream: false, model: request.model } });
    const admitted = await bounded.request(asked, context);
    if (admitted === asked) return request;
    const parts = admitted.messages.flatMap((message) => message.parts);
    if (parts.length !== texts.length || parts.some((part) => part.type !== 'text')) {
      const message = 'The hook onRequest changed how many texts there are to embed.';
      throw new RouterError({ kind: 'internal', message });
    }
    let next = 0;
    const inputs = request.inputs.map((input) => {
      if (typeof input !== 'string') return input;
      const part = parts[next];
      next += 1;
      return part?.type === 'text' ? part.text : input;
    });
    return { ...request, inputs };
  }
}

/** The stream as the hooks let it through, in the caller's format; where they don't, it ends in the format's error and the call is given up. */
async function* stream(
  outlet: EventOutlet,
  body: AsyncIterable<Uint8Array>,
  hooked: HookedEvents,
  given: AbortController,
  onStop: (error: RouterError) => void,
): AsyncGenerator<Uint8Array, void> {
  const bytes = new TextEncoder();
  let encoder: ReturnType<EventOutlet['encoder']> | undefined;
  try {
    for await (const item of outlet.items(body)) {
      encoder ??= outlet.encoder();
      if ('comment' in item) yield bytes.encode(item.comment);
      else if ('error' in item) yield bytes.encode(encoder.error(item.error));
      else {
        let text = '';
        for (const event of await hooked.next(item.event)) text += encoder.encode(event);
        if (text !== '') yield bytes.encode(text);
      }
    }
  } catch (error) {
    if (!RouterError.is(error) && !ProviderError.is(error)) throw error;
    given.abort();
    if (RouterError.is(error)) onStop(error);
    const shown =
      RouterError.is(error) && error.kind === 'internal'
        ? new RouterError({ kind: 'internal', message: 'The answer could not be checked, so it ends here.' })
        : error;
    yield bytes.encode((encoder ?? outlet.encoder()).error(shown));
  } finally {
    given.abort();
  }
}

async function* pass(events: AsyncIterable<StreamEvent>, hooked: HookedEvents): AsyncGenerator<StreamEvent, void> {
  for await (const event of events) yield* await hooked.next(event);
}

function inboundOf(inbound: Inbound, request: ModelRequest): Inbound {
  const { stream } = inbound.head;
  return {
    ...inbound,
    mustDecode: true,
    head: { ...inbound.head, model: request.model ?? inbound.head.model },
    request: () => ({ ...request, stream }),
  };
}

/** A request that names another model now goes by that name. */
function chosenAnew({ inbound }: RouteCall, model: string | undefined): { readonly route?: undefined } {
  return model === undefined || model === inbound.head.model ? {} : { route: undefined };
}
