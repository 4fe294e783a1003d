import { parseDuration, parseUsd } from '@signalbox/config';
import type { CallerLimits, NanoUsd } from '@signalbox/core';
import { type Command, InvalidArgumentError, Option } from 'commander';

interface CreateOptions {
  readonly user?: string;
  readonly tenant?: string;
  readonly tag: readonly string[];
  readonly models?: readonly string[];
  readonly expires?: number;
  readonly budgetDaily?: NanoUsd;
  readonly budgetMonthly?: NanoUsd;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly concurrent?: number;
  readonly json: boolean;
}

const DAY_MS = 86_400_000;
/** The end of the year 9999: what lies behind it has no date that people write. */
const LAST_MOMENT = Date.UTC(10_000, 0) - 1;

/** Adds `signalbox keys create|list|revoke|rotate`. */
export function addKeysCommand(program: Command, run: (action: () => Promise<number>) => () => Promise<void>): void {
  const load = () => import('../commands/keys.ts');
  const keys = program
    .command('keys')
    .description('the keys that open the gateway to others')
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox keys create laptop --user ada --expires 90d\n  signalbox keys create ci --models "claude-haiku-*,gpt-4o-mini" --budget-daily 5 --tag nightly\n  signalbox keys list\n  signalbox keys rotate ci --grace 24h\n  signalbox keys revoke laptop\n\nThe key itself goes to stdout, once. Kept is its hash, in ~/.claude-code/signalbox-keys.db.',
    );

  keys
    .command('create')
    .description('make a key and print it')
    .addArgument(keys.createArgument('<name>', 'what the ledger and you call it by').argParser(keyName))
    .option('--user <name>', 'whose it is; otherwise requests may name their user themselves')
    .option('--tenant <name>', 'whose cached answers it shares; default: its user, else itself')
    .option(
      '--tag <tag>',
      'a tag for each of its requests (repeatable)',
      (tag: string, tags: string[]) => [...tags, tag],
      [],
    )
    .addOption(
      new Option('--models <patterns>', 'models it may use, separated by commas; * stands for any text').argParser(
        list,
      ),
    )
    .addOption(
      new Option('--expires <when>', 'a time such as 90d or 6mo, or a date such as 2027-01-31').argParser(moment),
    )
    .addOption(new Option('--budget-daily <dollars>', 'dollars a day').argParser(dollars))
    .addOption(new Option('--budget-monthly <dollars>', 'dollars a month').argParser(dollars))
    .addOption(new Option('--rpm <count>', 'requests a minute').argParser(count))
    .addOption(new Option('--tpm <count>', 'tokens a minute').argParser(count))
    .addOption(new Option('--concurrent <count>', 'requests at the same time').argParser(count))
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      '\nExamples:\n  signalbox keys create laptop --user ada --expires 90d\n  signalbox keys create ci --models "claude-haiku-*,gpt-4o-mini" --tag nightly --json',
    )
    .action((name: string, options: CreateOptions) =>
      run(async () => {
        const { user, tenant, tag: tags, models, expires: expiresAt, json } = options;
        const key = { name, user, tenant, tags, models, expiresAt, limits: limitsOf(options) };
        return (await load()).createKey(key, { json });
      })(),
    );
  keys
    .command('list')
    .description('list the keys that open the gateway')
    .option('--all', 'revoked and expired ones too', false)
    .option('--json', 'print JSON', false)
    .addHelpText('after', '\nExamples:\n  signalbox keys list\n  signalbox keys list --all --json')
    .action((options: { all: boolean; json: boolean }) => run(async () => (await load()).listKeys(options))());
  keys
    .command('revoke')
    .description('close the gateway to a key')
    .argument('<name>')
    .addHelpText('after', '\nExample:\n  signalbox keys revoke laptop')
    .action((name: string) => run(async () => (await load()).revokeKey(name))());
  keys
    .command('rotate')
    .description('give a key a new secret and print it')
    .argument('<name>')
    .addOption(
      new Option('--grace <time>', 'how long the old one works on, e.g. 24h').argParser(grace).default(0, 'not at all'),
    )
    .option('--json', 'print JSON', false)
    .addHelpText('after', '\nExample:\n  signalbox keys rotate ci --grace 24h')
    .action((name: string, options: { grace: number; json: boolean }) =>
      run(async () => (await load()).rotateKey(name, { graceMs: options.grace, json: options.json }))(),
    );
}

function limitsOf({ budgetDaily, budgetMonthly, rpm, tpm, concurrent }: CreateOptions): CallerLimits {
  const limits = { budgetDaily, budgetMonthly, requestsPerMinute: rpm, tokensPerMinute: tpm, concurrent };
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function keyName(text: string): string {
  if (/^[\w.@-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 64 letters, digits, or any of . _ @ -');
}

function list(text: string): readonly string[] {
  const items = text.split(',').map((one) => one.trim());
  if (items.some((one) => one === '')) throw new InvalidArgumentError('It must be names, separated by commas.');
  return items;
}

/** A moment to come: after a time, or at the end of a day. */
function moment(text: string): number {
  const wait = /[a-z]/i.test(text) && !text.includes('T') ? parseDuration(text) : undefined;
  const dated = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) + DAY_MS : Date.parse(text);
  const at = wait === undefined ? (/^\d{4}-/.test(text) ? dated : Number.NaN) : Date.now() + wait;
  if (!(at > Date.now() && at <= LAST_MOMENT))
    throw new InvalidArgumentError('It must be a time such as 90d or 6mo, or a date to come such as 2027-01-31.');
  return at;
}

function grace(text: string): number {
  const parsed = text === '0' ? 0 : parseDuration(text);
  if (parsed === undefined) throw new InvalidArgumentError('It must be a time such as 24h.');
  return parsed;
}

function dollars(text: string): NanoUsd {
  const parsed = parseUsd(text);
  if (parsed === undefined) throw new InvalidArgumentError('It must be an amount of dollars such as 5.00.');
  return parsed;
}

function count(text: string): number {
  const parsed = Number(text);
  if (!Number.isSafeInteger(parsed) || parsed < 1) throw new InvalidArgumentError('It must be a whole number above 0.');
  return parsed;
}
