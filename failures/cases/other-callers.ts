import type { CallerProtocol } from '../callers/index.ts';
import type { FailureCase } from '../failure-case.ts';
import type { BenchModel } from '../gateway-configuration.ts';

type OtherCaller = Exclude<CallerProtocol, 'chat'>;

/** Who stands behind a chain of Chat Completions, where the caller speaks another protocol: a provider of that protocol, which fails, and the same fallback. */
const CHAINS: Readonly<Record<OtherCaller, Partial<Record<BenchModel, BenchModel>>>> = {
  messages: { bench: 'bench-claude', 'bench-noprefill': 'bench-claude-noprefill' },
  responses: { bench: 'bench-responses', 'bench-noprefill': 'bench-responses-noprefill' },
  gemini: { bench: 'bench-google', 'bench-noprefill': 'bench-google-noprefill' },
};

/** Failures that a protocol can't have, with the reason. */
const NOT_THERE: Readonly<Record<string, string>> = {
  'S11.responses': 'the event that ends a Responses stream is its finish, too: X03.nofinish',
  'S11.gemini': 'a Gemini stream has no end mark',
};

/** Cases of Chat Completions callers as callers of another protocol meet them: `S08.messages`. */
export function throughCaller(caller: OtherCaller, cases: readonly FailureCase[]): readonly FailureCase[] {
  return cases
    .map((one): FailureCase => {
      const model = CHAINS[caller][one.model ?? 'bench'];
      if (model === undefined) throw new Error(`${one.id}: ${one.model} has no counterpart for ${caller}`);
      return { ...one, id: `${one.id}.${caller}`, title: `${one.title} (${caller})`, caller, model };
    })
    .filter((one) => !(one.id in NOT_THERE));
}
