import { spawn } from 'node:child_process';
import { formatUsd, type NanoUsd, nanoToUsd } from '@signalbox/core';
import { type BudgetAlert, releaseShare, shareWords } from '@signalbox/cost-tracker';

/** Where alerts of budgets go. */
export interface AlertTargets {
  /** Gets each alert as a POST of JSON. */
  readonly webhook?: string | undefined;
  /** Gets each alert as JSON on its standard input. One word: a line for the shell; several: a program and its arguments. */
  readonly command?: readonly string[] | undefined;
}

/** Where alerts go, and who hears of them. */
export interface AlertDeliveryOptions {
  readonly targets: AlertTargets;
  /** A sentence for people: the alert itself. */
  readonly say: (sentence: string) => void;
  /** A sentence where an alert could not be delivered. */
  readonly onFault: (sentence: string) => void;
  /** Milliseconds before the second and each further try at a webhook. Default: 1 s, 5 s, 25 s. */
  readonly waits?: readonly number[] | undefined;
}

/** Tells people of alerts. */
export interface AlertDelivery {
  tell(alert: BudgetAlert): void;
  /** Waits for what is under way, so many milliseconds at most. */
  settled(milliseconds: number): Promise<void>;
}

const WAITS: readonly number[] = [1_000, 5_000, 25_000];
/** Milliseconds for one try at a webhook, and for a command. */
const PATIENCE = 10_000;

/** Delivers alerts in the background: no request waits for them. */
export function createAlertDelivery(options: AlertDeliveryOptions): AlertDelivery {
  const { targets, say, onFault, waits = WAITS } = options;
  const running = new Set<Promise<void>>();
  const end = new AbortController();

  function run(what: string, work: () => Promise<void>): void {
    const task = work()
      .catch((error: unknown) => onFault(`An alert did not reach ${what}: ${reasonOf(error)}.`))
      .finally(() => running.delete(task));
    running.add(task);
  }

  async function post(webhook: string, body: string): Promise<void> {
    for (const wait of [...waits, undefined]) {
      try {
        const reply = await fetch(webhook, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          redirect: 'error',
          signal: AbortSignal.any([end.signal, AbortSignal.timeout(PATIENCE)]),
        });
        await reply.body?.cancel();
        if (reply.ok) return;
        throw new Error(`it answered with HTTP ${reply.status}`);
      } catch (error) {
        if (wait === undefined || end.signal.aborted) throw error;
        await pause(wait, end.signal);
      }
    }
  }

  return {
    tell(alert) {
      const sentence = alertSentence(alert);
      say(sentence);
      const body = JSON.stringify(alertBody(alert, sentence));
      const { webhook, command } = targets;
      if (webhook !== undefined) run(`the webhook at ${new URL(webhook).host}`, () => post(webhook, body));
      if (command !== undefined) run(`the command ${command[0]}`, () => start(command, body, end.signal));
    },
    async settled(milliseconds) {
      const limit = setTimeout(() => end.abort(new Error('the program ended')), milliseconds);
      await Promise.all(running);
      clearTimeout(limit);
    },
  };
}

/** `80 % of the daily budget of $50.00 is spent: from now on cheaper models come first.` */
function alertSentence({ title, limit, rule }: BudgetAlert): string {
  return `${shareWords(rule.threshold)} of the ${title} of ${limitWords(limit)} is spent${CONSEQUENCE[rule.action]}.`;
}

/** In cents as far as it is in cents: half a cent more or less is much of a small budget. */
function limitWords(limit: NanoUsd): string {
  const cents = nanoToUsd(limit).toFixed(2);
  return Number(cents) === nanoToUsd(limit) ? `$${cents}` : formatUsd(limit);
}

const CONSEQUENCE: Readonly<Record<BudgetAlert['rule']['action'], string>> = {
  notify: '',
  switch_to_cheaper: ': from now on cheaper models come first',
  block_expensive_models: ': from now on expensive models are not used',
  deny: ': from now on only what is free is used',
};

function alertBody({ rule, title, limit, spent, reserved, from, to }: BudgetAlert, text: string) {
  return {
    text,
    budget: title,
    threshold: rule.threshold,
    releaseBelow: releaseShare(rule),
    action: rule.action,
    limitUsd: nanoToUsd(limit),
    spentUsd: nanoToUsd(spent),
    reservedUsd: nanoToUsd(reserved),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  };
}

/** A command that the end of the program does not wait for goes on by itself: it may be about to send the mail. */
function start(command: readonly string[], input: string, end: AbortSignal): Promise<void> {
  const [program = '', ...words] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      shell: command.length === 1,
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: PATIENCE,
    });
    child.on('error', reject);
    // A program that does not read its input is as good as one that does.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${input}\n`);
    const leave = () => {
      child.unref();
      reject(new Error('it was still running when the program ended, and is left to itself'));
    };
    end.addEventListener('abort', leave);
    child.on('close', (code, signal) => {
      end.removeEventListener('abort', leave);
      if (code === 0) resolve();
      else reject(new Error(signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`));
    });
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Node hides what a fetch failed of behind "fetch failed". */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
