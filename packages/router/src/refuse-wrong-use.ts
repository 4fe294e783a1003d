import { type ModelRequest, RouterError } from '@signalbox/core';
import type { RouterOptions } from './router.ts';

const MESSAGE = "{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }";

/** Throws RouterError `configuration` where no router can be made of what a program without types passes. */
export function refuseWrongOptions(options: RouterOptions | undefined): void {
  const wrong = wrongOption(options?.providers, options?.strategy);
  if (wrong !== undefined) throw new RouterError({ kind: 'configuration', message: `createRouter: ${wrong}.` });
}

function wrongOption(providers: RouterOptions['providers'] | undefined, strategy: RouterOptions['strategy']) {
  if (!Array.isArray(providers)) return 'providers must be a list, such as [createAnthropic({ apiKey })]';
  const place = providers.findIndex((one) => typeof one?.id !== 'string');
  if (place >= 0) return `providers[${place}] is no provider: pass what createAnthropic({ apiKey }) or its like gives`;
  if (strategy === undefined || typeof strategy?.rank === 'function') return undefined;
  return 'strategy must be a strategy, such as bestForTask() of @signalbox/strategies';
}

/** Throws RouterError `invalid-request` where a request is not of the canonical shape: mostly it is that of somebody's API. */
export function refuseWrongRequest(request: ModelRequest): void {
  const wrong = wrongMember(request);
  if (wrong === undefined) return;
  const [parameter, what] = wrong;
  throw new RouterError({ kind: 'invalid-request', message: `The request's ${parameter} must be ${what}.`, parameter });
}

function wrongMember(request: ModelRequest): readonly [parameter: string, what: string] | undefined {
  if (!Array.isArray(request?.system)) return ['system', 'a list of text parts; [] says nothing'];
  if (!Array.isArray(request.messages)) return ['messages', `a list, such as [${MESSAGE}]`];
  const place = request.messages.findIndex((message) => !Array.isArray(message?.parts));
  return place < 0 ? undefined : [`messages[${place}].parts`, `a list of parts: a message is ${MESSAGE}`];
}
