import type { AdmissionRequest, AttemptRequest, Candidate, NanoUsd, Pricing } from '@signalbox/core';
import { type Account, left } from './account.ts';
import type { BudgetPlan } from './budget-plan.ts';
import { type CallPrice, callPrice, type createRoughPrices } from './call-price.ts';
import type { OutputForecast } from './output-forecast.ts';

/** What a call will cost, as far as it can be said before it. */
export interface CallPlan {
  readonly price: CallPrice;
  /** With as much output as nine of ten such answers have at most. */
  readonly expected: NanoUsd;
  /** With a short answer: what is left of a request's own limit has to pay for it, else the model is not asked. */
  readonly short: NanoUsd;
  /** Tokens of output that caller and model allow. */
  readonly mostOutput: number;
}

export interface PlanInput {
  readonly plan: BudgetPlan;
  readonly pricing: Pricing;
  readonly roughPrices: ReturnType<typeof createRoughPrices>;
  readonly forecast: OutputForecast;
  readonly candidate: Candidate;
  readonly request: AdmissionRequest & Partial<AttemptRequest>;
  /** The accounts that it is paid from. */
  readonly money: readonly Account[];
  readonly now: number;
}

/** Estimates of tokens are within about 15 %: a reservation is on the safe side. */
const MARGIN = 1.2;
/** No token of a request has fewer bytes than this on average. */
const BYTES_PER_TOKEN = 2.5;
/** Where nobody knows how much a model gives. */
const MOST_OUTPUT = 128_000;
/** Tokens of an answer that is of use yet, though it be capped there. */
const SHORT = 400;
/** So many such calls must be left in every budget for a rough look to do. */
const PLENTY = 20;

/** `undefined` where the price is unknown. */
export function planCall(input: PlanInput): CallPlan | undefined {
  return roughPlan(input) ?? exactPlan(input);
}

/**
 * From the size of the request alone, where that is enough: while budgets have plenty left, no request has to be decoded for them. Media make it
 * large; then it is looked at.
 */
function roughPlan(input: PlanInput): CallPlan | undefined {
  const { bytes } = input.request;
  if (bytes === undefined || input.plan.perRequest !== undefined) return undefined;
  const price = input.roughPrices(input.candidate, bytes / BYTES_PER_TOKEN, input.now);
  if (price === undefined) return undefined;
  const expected = price.cost(Math.min(expectedOutput(input), mostOutput(input, false)));
  for (const account of input.money) if (left(account) < expected * PLENTY) return undefined;
  return { price, expected, short: expected, mostOutput: mostOutput(input, false) };
}

function exactPlan(input: PlanInput): CallPlan | undefined {
  const { inputTokens } = input.request.needs();
  const price = callPrice(input.pricing, input.candidate, Math.ceil(inputTokens * MARGIN), input.now);
  if (price === undefined) return undefined;
  const most = mostOutput(input, true);
  const output = Math.min(expectedOutput(input), most);
  return { price, expected: price.cost(output), short: price.cost(Math.min(output, SHORT)), mostOutput: most };
}

function expectedOutput({ forecast, candidate, request: { task } }: PlanInput): number {
  return forecast.expect(candidate.id, task?.type, task?.expectedOutputTokens);
}

function mostOutput({ candidate: { facts }, request }: PlanInput, look: boolean): number {
  const asked = look ? request.needs().maxOutputTokens : undefined;
  return Math.min(asked ?? Number.POSITIVE_INFINITY, facts.maxOutput ?? facts.contextWindow ?? MOST_OUTPUT);
}
