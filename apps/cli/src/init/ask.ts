import * as prompts from '@clack/prompts';
import { RouterError } from '@signalbox/core';
import { type Choice, ready, testKey } from './find-providers.ts';

/** What a person answered. */
export interface Answers {
  readonly chosen: readonly Choice[];
  /** Keys that were typed, by variable. */
  readonly typed: ReadonlyMap<string, string>;
  /** Variables whose typed keys their providers took. */
  readonly accepted: ReadonlySet<string>;
  readonly strategy: string;
  readonly budgetDaily?: number | undefined;
}

/** Asks for providers, keys, a strategy and a budget. Ctrl-C throws RouterError `aborted`. */
export async function ask(all: readonly Choice[], ollama: boolean, test: boolean): Promise<Answers> {
  prompts.intro('Signalbox: a configuration to begin with');
  const ids = answered(
    await prompts.multiselect({
      message: 'Which providers do you use? (space chooses, enter goes on)',
      options: all.map(({ id, definition, key }) => ({
        value: id,
        label: definition.displayName,
        hint: definition.local
          ? ollama
            ? 'found on this machine'
            : 'none found on this machine'
          : key
            ? 'key found'
            : undefined,
      })),
      initialValues: ready(all, ollama).map(({ id }) => id),
      required: true,
      maxItems: 12,
    }),
  );
  const chosen = all.filter(({ id }) => ids.includes(id));
  const typed = new Map<string, string>();
  const accepted = new Set<string>();
  for (const choice of chosen) {
    if (choice.variable === undefined || (choice.key ?? '') !== '') continue;
    const key = await askKey(choice, test);
    if (key === undefined) continue;
    typed.set(choice.variable, key.text);
    if (key.accepted) accepted.add(choice.variable);
  }
  const strategy = answered(
    await prompts.select({
      message: 'How should models be chosen?',
      options: [
        { value: 'best_for_task', label: 'best_for_task', hint: 'who does such tasks well, at a sensible price' },
        { value: 'cost_optimized', label: 'cost_optimized', hint: 'the cheapest that is good enough' },
        { value: 'performance_optimized', label: 'performance_optimized', hint: 'the fastest that is good enough' },
      ],
    }),
  );
  const budget = answered(
    await prompts.text({
      message: 'Dollars a day at most? (empty: no limit)',
      validate: (text) => (budgetOf(text) === null ? 'An amount such as 10, or nothing.' : undefined),
    }),
  );
  return { chosen, typed, accepted, strategy, budgetDaily: budgetOf(budget) ?? undefined };
}

/** A key that the provider takes; undefined where the person has none at hand. */
async function askKey(
  { definition, variable = '' }: Choice,
  test: boolean,
): Promise<{ readonly text: string; readonly accepted: boolean } | undefined> {
  for (;;) {
    const typed = answered(
      await prompts.password({
        message: `Key for ${definition.displayName} (goes into .env as ${variable}; empty: later)`,
      }),
    );
    const key = typed?.trim() ?? '';
    if (key === '') return undefined;
    if (!test) return { text: key, accepted: false };
    const waiting = prompts.spinner();
    waiting.start(`asking ${definition.displayName}`);
    const { state, detail } = await testKey(definition, key).catch((error: Error) => ({
      state: 'refused' as const,
      detail: error.message,
    }));
    waiting.stop(state === 'ok' ? `${definition.displayName} takes the key` : `${definition.displayName}: ${detail}`);
    if (state !== 'refused') return { text: key, accepted: state === 'ok' };
    prompts.log.warn('The key was refused: type it again, or nothing to go on without.');
  }
}

export async function confirmReplacing(file: string): Promise<boolean> {
  return answered(await prompts.confirm({ message: `${file} is there already. Replace it?`, initialValue: false }));
}

/** Dollars; undefined for nothing, null for what is no amount. */
function budgetOf(text: string | undefined): number | undefined | null {
  const bare = text?.trim().replace(/^\$/, '') ?? '';
  if (bare === '') return undefined;
  return Number(bare) > 0 && Number.isFinite(Number(bare)) ? Number(bare) : null;
}

function answered<Value>(value: Value): Exclude<Value, symbol> {
  if (typeof value !== 'symbol') return value as Exclude<Value, symbol>;
  throw new RouterError({ kind: 'aborted', message: 'Nothing was written.' });
}
