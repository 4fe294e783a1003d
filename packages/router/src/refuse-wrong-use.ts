import {
  aBoolean,
  aCount,
  aFunction,
  aListOf,
  aNumber,
  anObject,
  aPort,
  aStrategy,
  type ModelRequest,
  type OptionRule,
  type OptionRules,
  oneOf,
  type Provider,
  RouterError,
  requireOptions,
} from '@signalbox/core';
import type { HedgePolicy } from './attempts/hedge.ts';
import type { RetryPolicy } from './attempts/retry-policy.ts';
import type { RouterOptions } from './router.ts';

const MESSAGE = "{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }";

const PROVIDERS = 'a list, such as [createAnthropic({ apiKey })]';

const A_PROVIDER: OptionRule = {
  what: 'a provider: what createAnthropic({ apiKey }) or its like gives',
  holds: (value) => typeof (value as Provider | undefined)?.id === 'string',
};

/** Of ports, what no attempt can do without. */
const RULES: OptionRules<RouterOptions> = {
  providers: aListOf(A_PROVIDER, PROVIDERS),
  candidates: aListOf(anObject('a candidate'), 'a list of candidates'),
  unavailable: aListOf(anObject('a removal'), 'a list of removals'),
  strategy: aStrategy,
  resolve: aFunction('a function that reads a model name'),
  timeouts: aFunction('a function that gives bounds for a candidate'),
  retry: anObject('an object, such as { maxAttempts: 3 }'),
  hedge: anObject('an object, such as { afterMs: 2_000 }'),
  random: aFunction('a function that gives numbers from 0 to 1'),
  localOnly: aBoolean,
  strict: aBoolean,
  vault: aPort('a vault, such as createMemoryVault() gives', ['get', 'put']),
  cache: aPort('a cache, such as createResponseCache() of @signalbox/cache gives', ['lookup']),
  analyser: aPort('an analyser, such as createTaskAnalyser() of @signalbox/task-analysis gives', ['analyse']),
  pricing: aPort('pricing, such as createPricing() of @signalbox/cost-tracker gives', ['cost', 'predict']),
  quality: aPort('an estimate of quality, such as createExpectedQuality() of @signalbox/task-analysis gives', [
    'expect',
  ]),
  ruleUses: aPort('a counter of the uses of rules, such as the ruleUses of createBudgets()', [
    'counts',
    'mayFollow',
    'take',
  ]),
  ledger: aPort('a ledger, such as createMemoryLedger() of @signalbox/cost-tracker gives', ['append']),
  health: aPort('a breaker, such as createBreaker() gives', ['unavailable', 'chooseKey', 'succeeded', 'failed']),
  admission: aPort('an admission, such as createRateLimiter() of @signalbox/rate-limit gives', ['reserve']),
  caller: anObject("a caller, such as { tenant: 'acme', user: 'ann' }"),
  measurements: aPort('measurements, such as createMeasurements() gives', ['record', 'of']),
  promptCaches: aFunction('a function that says how long a prompt is kept'),
  sessions: anObject('sessions, such as createSessions() gives'),
  holders: anObject('holders, such as createHolders() gives'),
  queueMs: aNumber(0, undefined, 'of milliseconds'),
  firstTurn: aFunction('a function that gives a number'),
  hooks: anObject('an object of hooks, such as { onRequest, onText }'),
  clock: aPort('a clock, such as systemClock', ['now', 'after']),
  createId: aFunction('a function that makes ids'),
};
const RETRY_RULES: OptionRules<RetryPolicy> = {
  maxAttempts: aCount(1),
  backoff: oneOf(['exponential', 'linear', 'constant'] satisfies readonly RetryPolicy['backoff'][]),
  maxWaitMs: aNumber(0, undefined, 'of milliseconds'),
};
const HEDGE_RULES: OptionRules<HedgePolicy> = {
  afterMs: aNumber(0, undefined, 'of milliseconds'),
  share: aNumber(0, 1),
};

/** Throws RouterError `configuration` where no router can be made of what a program without types passes. */
export function refuseWrongOptions(options: RouterOptions): void {
  requireOptions('createRouter', options, RULES, ['providers']);
  refuseNamesakes(options.providers);
  requireOptions('createRouter retry', options.retry, RETRY_RULES);
  if (options.hedge !== undefined) requireOptions('createRouter hedge', options.hedge, HEDGE_RULES, ['afterMs']);
}

/** Keys, limits and breakers of two providers of one id would be taken for each other's. */
function refuseNamesakes(providers: readonly Provider[]): void {
  const ids = providers.map(({ id }) => id);
  const twice = ids.find((id, place) => ids.indexOf(id) !== place);
  if (twice === undefined) return;
  throw new RouterError({
    kind: 'configuration',
    message: `createRouter: two providers are called "${twice}"; give one of them another name: { id: '${twice}-2' }.`,
  });
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
