import type { ConfigurationOverrides } from '@signalbox/config';
import { say } from '../terminal/say.ts';
import { whileInterruptible } from '../terminal/while-interruptible.ts';
import { type LoadedRouter, loadRouter } from './load-router.ts';

/** Which router a command works with, and how much it says. */
export interface WithRouterOptions {
  readonly config?: string | undefined;
  readonly quiet: boolean;
  readonly overrides?: ConfigurationOverrides | undefined;
  /** `false`: nothing is written down, since nobody is asked. */
  readonly books: boolean;
}

/** What a command's work gets. */
export interface RouterInUse {
  readonly ready: LoadedRouter;
  /** Aborted when the user gives up. */
  readonly signal: AbortSignal;
  /** Writes `label: sentence` to stderr, unless all is to be quiet. */
  readonly tell: (label: string, sentence: string) => void;
}

/** Works with a router of the configuration here until the work is over or given up, and closes it. Throws RouterError, and what the work throws. */
export async function withRouter<Result>(
  { config, quiet, overrides, books }: WithRouterOptions,
  work: (inUse: RouterInUse) => Promise<Result>,
): Promise<Result> {
  const tell = (label: string, sentence: string) => {
    if (!quiet) say(`${label}: ${sentence}`);
  };
  const onFault = (sentence: string) => tell('warning', sentence);
  const ready = await loadRouter({
    config,
    overrides,
    onLedgerFault: books ? onFault : undefined,
    onCacheFault: onFault,
    onWarning: onFault,
    say: (sentence) => tell('budget', sentence),
  });
  try {
    return await whileInterruptible((signal) => work({ ready, signal, tell }));
  } finally {
    await ready.close();
  }
}
