import { setFlagsFromString } from 'node:v8';
import { type Decision, nanoToUsd, RouterError, type Usage } from '@signalbox/core';
import { type Comparison, createComparison, type Difference } from '@signalbox/cost-tracker';
import { type ReplayPolicy, setupReplay } from '@signalbox/setup';
import type { SqliteLedger, StoredAttempt } from '@signalbox/store-sqlite';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { loadConfigurationHere, requireTrust } from '../configuration/load-router.ts';
import { readLedger } from '../costs/read-ledger.ts';
import { type LeftOut, leftOutSentences, type ReplayResult } from '../costs/replay-result.ts';
import { replayText } from '../costs/replay-text.ts';
import { sinceMoment } from '../costs/time-span.ts';
import { isIncluded, usageOf } from '../costs/usage-of.ts';
import { EXIT } from '../terminal/exit-code.ts';

export interface ReplayCommand {
  readonly since: string;
  readonly strategy?: string | undefined;
  readonly model?: string | undefined;
  readonly user?: string | undefined;
  readonly limit?: number | undefined;
  readonly json: boolean;
  readonly config?: string | undefined;
}

/** `signalbox replay`: what the requests of the ledger would have cost, and how good and quick they would have been, under another policy. */
export async function replay(options: ReplayCommand): Promise<number> {
  if (options.strategy !== undefined && options.model !== undefined) {
    throw new RouterError({ kind: 'usage', message: '--strategy and --model say different things: choose one.' });
  }
  const loaded = await loadConfigurationHere({ config: options.config });
  // Each booked decision is garbage as soon as the next one is read: collected early, a hundred thousand of them take half the memory.
  setFlagsFromString('--optimize-for-size');
  const from = sinceMoment(options.since, Date.now(), loaded.configuration.budget.timeZone);
  // A provider's package is a program.
  await requireTrust(loaded);
  const work = async (ledger: SqliteLedger) => {
    const speeds = new Map(ledger.speeds({ from }).map((one) => [one.candidate, one]));
    const policy = await setupReplay({
      configuration: loaded.configuration,
      env: loaded.env,
      definitions: bundledProviders,
      types: providerTypes,
      strategy: options.strategy,
      model: options.model,
      learning: ledger.learning(),
      measured: (candidate) => {
        const speed = speeds.get(candidate);
        return speed && { firstTokenMs: speed.firstContentMs, tokensPerSecond: speed.tokensPerSecond };
      },
    });
    try {
      const result = compare(ledger, policy, (id) => speeds.has(id), from, options);
      if (result.report.total.requests === 0) throw nothingToReplay(result.leftOut, options);
      if (options.json) process.stdout.write(`${JSON.stringify(jsonOf(result, from), null, 2)}\n`);
      else process.stdout.write(`${replayText(result, options.since).join('\n')}\n`);
      return EXIT.success;
    } finally {
      await policy.close();
    }
  };
  return readLedger(work, { asData: options.json });
}

function compare(
  ledger: SqliteLedger,
  policy: ReplayPolicy,
  isMeasured: (candidate: string) => boolean,
  from: number,
  options: ReplayCommand,
): ReplayResult {
  const { user, limit } = options;
  const comparison = createComparison();
  const left = { named: 0, kept: 0, unknownModel: 0, nobody: 0 };
  const guessed = new Set<string>();
  let read = 0;
  let included = 0;
  const period = { from, user };
  ledger.eachRequest(
    { ...period, simulated: false, analysed: true, limit, oldestFirst: true },
    (decision, attempts) => {
      read += 1;
      if (decision.strategy === 'manual') {
        left.named += 1;
        return;
      }
      if (attempts.some((one) => one.lane === 'cache')) {
        left.kept += 1;
        return;
      }
      const answer = attempts.findLast((one) => one.outcome === 'success') ?? attempts.findLast((one) => usageOf(one));
      const usage = (answer && usageOf(answer)) ?? expectedUsage(decision);
      const first = decision.order[0];
      const before = first && policy.judge(first.candidate, decision, usage);
      if (first === undefined || before === undefined) {
        left.unknownModel += 1;
        return;
      }
      const other = policy.decide(decision).order[0];
      const after = other && policy.judge(other.candidate, decision, usage);
      if (other === undefined || after === undefined) {
        left.nobody += 1;
        return;
      }
      const own = answer !== undefined && answer.candidate === first.candidate && isIncluded(answer);
      if (own) included += 1;
      for (const one of [first, other]) if (!isMeasured(one.candidate)) guessed.add(one.candidate);
      comparison.add({
        taskType: decision.task?.type ?? 'unknown',
        session: sessionOf(attempts),
        from: first.candidate,
        to: other.candidate,
        before: own ? { ...before, cost: 0 } : before,
        after,
      });
    },
  );
  const { named, ...others } = left;
  const requests = ledger.totals({ ...period, simulated: false })[0]?.requests ?? 0;
  const analysed = ledger
    .totals({ ...period, simulated: false, by: ['taskType'] })
    .reduce((sum, one) => sum + (one.group.taskType === undefined ? 0 : one.requests), 0);
  return {
    report: comparison.report(),
    leftOut: {
      ...others,
      simulated: ledger.totals({ ...period, simulated: true })[0]?.requests ?? 0,
      withoutProfile: named + Math.max(0, requests - analysed),
      beyondLimit: limit === undefined ? 0 : Math.max(0, analysed - read),
    },
    included,
    guessed: [...guessed],
    policy,
  };
}

/** Of a request that brought no usage: what was expected of it. */
function expectedUsage({ needs, task }: Decision): Usage {
  const expected = task?.expectedOutputTokens ?? 0;
  return {
    inputTokens: needs?.inputTokens ?? 0,
    outputTokens: Math.min(expected, needs?.maxOutputTokens ?? expected),
    provenance: 'estimated',
  };
}

/** Sessions of two users may have the same name. */
function sessionOf([first]: readonly StoredAttempt[]): string | undefined {
  if (first?.session === undefined) return undefined;
  return JSON.stringify([first.tenant, first.user, first.session]);
}

function nothingToReplay(left: LeftOut, { since, user }: ReplayCommand): RouterError {
  const why = leftOutSentences(left);
  const whose = user === undefined ? '' : ` of ${user}`;
  return new RouterError({
    kind: 'usage',
    message: `Since ${since} no request${whose} can be decided again${why.length === 0 ? ': nothing was booked; name a longer time, such as --since 30d.' : `. ${why.join(' ')}`}`,
  });
}

function jsonOf({ report, leftOut, included, guessed, policy }: ReplayResult, from: number) {
  const money = (one: Difference) => ({
    ...one,
    beforeUsd: nanoToUsd(one.before),
    afterUsd: nanoToUsd(one.after),
    differenceUsd: nanoToUsd(one.difference),
  });
  const withDollars = <One extends Comparison>(one: One) => ({ ...one, cost: money(one.cost) });
  return {
    since: new Date(from).toISOString(),
    policy: policy.name ?? 'configuration',
    provenance: 'estimated',
    total: withDollars(report.total),
    tasks: report.tasks.map(withDollars),
    moves: report.moves,
    included,
    guessedTimes: guessed,
    leftOut,
    unavailable: policy.unavailable,
  };
}
