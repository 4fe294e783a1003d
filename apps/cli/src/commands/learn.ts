import { parseJson, RouterError } from '@signalbox/core';
import { priorQuality } from '@signalbox/setup';
import {
  createExpectedQuality,
  createLearnedShift,
  LEARNING_NEEDS,
  type LearnedHeads,
  type LearningReport,
  learnHeads,
} from '@signalbox/task-analysis';
import { loadRouter } from '../configuration/load-router.ts';
import { readLedger } from '../costs/read-ledger.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';

export interface LearnCommand {
  readonly apply: boolean;
  readonly reset: boolean;
  readonly json: boolean;
  readonly config?: string | undefined;
}

/**
 * `signalbox learn`: learns from the judged answers in the ledger which prompts which model answers well, and says what that brings on answers it was not learned
 * from. `--apply` switches it on if it brings something; exit code 1 where it does not. `--reset` switches it off.
 */
export async function learn(options: LearnCommand): Promise<number> {
  if (options.apply && options.reset) {
    throw new RouterError({ kind: 'usage', message: '--apply and --reset exclude each other.' });
  }
  return readLedger(async (ledger) => {
    const learning = ledger.learning();
    const kept = learning.learned();
    const inUse = headsInUse(kept);
    if (options.reset) {
      learning.keepLearned(undefined);
      say(options, { reset: true }, [
        kept === undefined ? 'Nothing had been learned.' : 'What was learned is forgotten.',
      ]);
      return EXIT.success;
    }
    const ready = await loadRouter({ config: options.config });
    try {
      const { configuration } = ready.loaded;
      const table = createExpectedQuality({ abilities: configuration.routing.quality });
      const prior = priorQuality(
        table,
        (id) => ready.candidates.find((one) => one.id === id) ?? ready.resolver.find(id),
      );
      const report = learnHeads(learning.sketchedOutcomes(), prior, Date.now());
      const applied = options.apply && report.kind === 'learned' && report.isGain;
      if (applied) learning.keepLearned(JSON.stringify(report.heads));
      const { heads: _, ...shown } = { heads: undefined, ...report };
      say(
        options,
        {
          ...shown,
          applied,
          needs: LEARNING_NEEDS,
          inUse: (inUse !== undefined || applied) && configuration.routing.learning.outcomes,
        },
        [
          ...textOf(report),
          ...verdict(report, options.apply, inUse),
          ...(kept !== undefined && inUse === undefined && !applied ? [UNREADABLE] : []),
          ...(configuration.routing.learning.outcomes ? [] : [SWITCHED_OFF]),
        ],
      );
      return options.apply && !applied ? EXIT.failure : EXIT.success;
    } finally {
      await ready.close();
    }
  });
}

function say({ json }: LearnCommand, value: unknown, lines: readonly string[]): void {
  process.stdout.write(
    json
      ? `${JSON.stringify(value, null, 2)}\n`
      : `${lines.map((line) => wrapped(line, terminalWidth(process.stdout), '  ')).join('\n')}\n`,
  );
}

const UNREADABLE =
  'What was learned before is of another version of this program, or damaged, and is not used: --apply takes its place, --reset forgets it.';
const SWITCHED_OFF =
  'The configuration says routing.learning.outcomes: false, so that nothing is routed by what was learned.';

/** What is switched on, if this program can still read it. */
function headsInUse(content: string | undefined): LearnedHeads | undefined {
  if (content === undefined) return undefined;
  const heads = parseJson(content) as unknown as LearnedHeads;
  return createLearnedShift(heads) === undefined ? undefined : heads;
}

function textOf(report: LearningReport): readonly string[] {
  const { outcomes, good, bad } = report;
  const seen = `${outcomes} ${outcomes === 1 ? 'answer' : 'answers'} to routed prompts, judged or asked for again (${good} good, ${bad} bad)`;
  if (report.kind === 'too-little') {
    return [
      `${seen}: too little to learn from. At least ${LEARNING_NEEDS.outcomes} are needed, ${LEARNING_NEEDS.ofEachKind} of each kind.`,
      'Judge answers with "signalbox feedback ID good|bad", or POST /v1/feedback at the gateway.',
    ];
  }
  const { before, after, gain, surprise, models } = report;
  const named = Object.entries(models).map(([model, count]) => `${model} (${count})`);
  return [
    `learned from  ${seen}`,
    `models        ${named.join(', ')}`,
    `telling good answers from bad ones beforehand, on answers that were not learned from:`,
    `  as expected now   ${before.toFixed(3)}   (0.5 is chance, 1 is always right)`,
    `  with the heads    ${after.toFixed(3)}   gain ${signed(gain.value)}, 99 % between ${signed(gain.low)} and ${signed(gain.high)}`,
    `  mean surprise     ${surprise.before.toFixed(3)} -> ${surprise.after.toFixed(3)}   (lower is better)`,
  ];
}

function verdict(report: LearningReport, apply: boolean, inUse: LearnedHeads | undefined): readonly string[] {
  const old =
    inUse === undefined
      ? []
      : [
          `In use is what was learned on ${new Date(inUse.learnedAt).toISOString().slice(0, 10)} from ${inUse.outcomes} answers.`,
        ];
  if (report.kind === 'too-little') return old;
  if (!report.isGain) {
    const refused = apply ? 'It is not switched on: ' : '';
    return [`${refused}no gain beyond chance. More judged answers may show one.`, ...old];
  }
  if (apply) return ['It is switched on: routing goes by it from now on. "signalbox learn --reset" switches it off.'];
  return ['A gain beyond chance: "signalbox learn --apply" switches it on.', ...old];
}

function signed(value: number): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(3)}`;
}
