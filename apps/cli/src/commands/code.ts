import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { constants, homedir } from 'node:os';
import { join } from 'node:path';
import { asArray, asObject, asString, type GatewayKeys, parseJson, RouterError } from '@signalbox/core';
import { serveGateway } from '@signalbox/gateway';
import { CODING_CLIENTS, type CodingClient, type OfferedModel } from '../coding-clients.ts';
import { loadRouter } from '../configuration/load-router.ts';
import { say } from '../terminal/say.ts';

export interface CodeOptions {
  readonly client: string;
  /** A gateway that runs already; absent: one of its own. */
  readonly gateway?: string | undefined;
  /** The gateway that runs already sends the client's own login on to its vendor. */
  readonly ownLogin?: boolean | undefined;
  readonly config?: string | undefined;
}

/** `signalbox code`: a coding agent whose requests are routed, for as long as it runs. Exits with the agent's code. */
export async function code(args: readonly string[], options: CodeOptions): Promise<number> {
  const client = CODING_CLIENTS[options.client];
  if (client === undefined) {
    const names = Object.keys(CODING_CLIENTS).join(', ');
    throw new RouterError({ kind: 'usage', message: `There is no client "${options.client}": there are ${names}.` });
  }
  if (options.ownLogin === true && (options.gateway === undefined || options.client !== 'claude')) {
    const message =
      "--own-login is for Claude Code at a gateway that runs already (--gateway): otherwise the configuration's credentials say it.";
    throw new RouterError({ kind: 'usage', message });
  }
  const namesModel = args.some((arg) => client.modelFlags.some((flag) => isFlag(arg, flag)));
  const gateway =
    options.gateway === undefined
      ? await ownGateway(options, namesModel)
      : await runningGateway(options.gateway, options.ownLogin ?? false);
  let folder: string | undefined;
  try {
    folder = await ownFolder();
    const launch = await client.launch({
      url: gateway.url,
      key: gateway.key,
      folder,
      namesModel,
      ownLogin: gateway.ownLogin,
      models: () => offeredModels(gateway),
    });
    return await run(client, [...launch.args, ...args], { ...process.env, ...launch.env });
  } finally {
    await gateway.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** What the gateway lists. Throws RouterError `usage` where it lists nothing. */
async function offeredModels({ url, key }: Access): Promise<readonly OfferedModel[]> {
  // Anthropic's list has limits in it.
  const headers = { 'x-signalbox-key': key, 'anthropic-version': '2023-06-01' };
  const answer = await fetch(`${url}/v1/models?limit=1000`, { headers, redirect: 'manual' });
  const models = asArray(asObject(parseJson(await answer.text()))?.data).flatMap((entry): OfferedModel[] => {
    const { id, display_name: title, max_input_tokens: input, max_tokens: output } = asObject(entry) ?? {};
    if (typeof id !== 'string') return [];
    const limit = typeof input === 'number' && typeof output === 'number' ? { context: input, output } : undefined;
    return [{ name: id, title: asString(title) ?? id, limit }];
  });
  if (models.length > 0) return models;
  throw new RouterError({ kind: 'usage', message: `The gateway at ${url} lists no models (status ${answer.status}).` });
}

/** `--model x`, `--model=x`, `-m x`, `-mx`. */
function isFlag(arg: string, flag: string): boolean {
  return arg === flag || arg.startsWith(flag.startsWith('--') ? `${flag}=` : flag);
}

/** A folder of this run. Not where others may write: Gemini CLI believes no settings there. */
async function ownFolder(): Promise<string> {
  const ours = join(homedir(), '.claude-code');
  await mkdir(ours, { recursive: true, mode: 0o700 });
  return mkdtemp(join(ours, 'code-'));
}

interface Access {
  readonly url: string;
  readonly key: string;
  readonly ownLogin: boolean;
  close(): Promise<void>;
}

/** A gateway of this run alone: on this machine, with a key that nobody else knows. A model that the user named is not overruled. */
async function ownGateway({ config }: CodeOptions, namesModel: boolean): Promise<Access> {
  const faults: string[] = [];
  const alerts: string[] = [];
  const ready = await loadRouter({
    config,
    overrides: namesModel ? undefined : { applyTo: 'all' },
    onLedgerFault: (sentence) => faults.push(sentence),
    say: (sentence) => alerts.push(sentence),
  });
  try {
    for (const warning of ready.loaded.warnings) say(`warning: ${warning}`);
    if (ready.simulated) say('simulated: no provider has an API key, so all answers are made up.');
    const key = randomBytes(32).toString('base64url');
    const gateway = await serveGateway({
      router: ready.router,
      routes: ready.routes,
      keys: onlyKey(key),
      keysRequired: true,
      ...ready.loaded.configuration.gateway,
      port: 0,
      // The agent has the terminal: what went wrong is said when it is gone.
      onFault: (error) => faults.push(error instanceof Error ? error.message : String(error)),
    });
    return {
      url: gateway.url,
      key,
      ownLogin: ready.providers.some((provider) => provider.callerCredentials === true),
      async close() {
        await gateway.close(0);
        await ready.close();
        for (const fault of new Set(faults)) say(`warning: ${fault}`);
        for (const sentence of alerts) say(`budget: ${sentence}`);
      },
    };
  } catch (error) {
    await ready.close();
    throw error;
  }
}

function onlyKey(secret: string): GatewayKeys {
  const digest = createHash('sha256').update(secret).digest('hex');
  const key = { name: 'code', tenant: 'local', tags: [], limits: {}, createdAt: Date.now() };
  return { find: (sha256) => (sha256 === digest ? key : undefined), exist: () => true };
}

/** A gateway that somebody has started; its own configuration says what is routed. */
async function runningGateway(written: string, ownLogin: boolean): Promise<Access> {
  const url = gatewayUrl(written);
  // Some clients don't start without any key; a gateway without keys looks at none.
  const key = process.env.SIGNALBOX_KEY || 'none-needed';
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { headers, redirect: 'manual', signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  if ((await ask('/healthz'))?.ok !== true) {
    const message = `No gateway answers at ${url}: start one with "signalbox serve", or leave --gateway away.`;
    throw new RouterError({ kind: 'usage', message });
  }
  // Before the client asks: it would say less, and some repeat the request for minutes.
  if ((await ask('/v1/models', { 'x-signalbox-key': key }))?.status === 401) {
    const lack = process.env.SIGNALBOX_KEY
      ? 'does not take the key in SIGNALBOX_KEY'
      : 'wants a key: put it into SIGNALBOX_KEY';
    throw new RouterError({ kind: 'usage', message: `The gateway at ${url} ${lack}.` });
  }
  return { url, key, ownLogin, close: async () => {} };
}

/** Where a gateway is, without the path of an API: it may stand below a path of a proxy's. */
function gatewayUrl(written: string): string {
  if (!/^https?:/.test(written) || !URL.canParse(written)) {
    throw new RouterError({ kind: 'usage', message: `"${written}" is no URL: write it like http://127.0.0.1:4141.` });
  }
  const { origin, pathname } = new URL(written);
  return `${origin}${pathname.replace(/\/+$/, '').replace(/\/v1(beta)?$/, '')}`;
}

/** Runs the client in this terminal. Ctrl-C is the client's; what ends us ends it. */
function run(client: CodingClient, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(client.command, args, { env, stdio: 'inherit' });
    const ignore = () => {};
    const end = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', end);
    // A terminal that closes tells the client as well; whoever tells only us means both.
    process.on('SIGHUP', end);
    const over = () => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', end);
      process.off('SIGHUP', end);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      over();
      const reason =
        error.code === 'ENOENT' ? `is not installed: ${client.install}` : `can't be started (${error.code})`;
      reject(new RouterError({ kind: 'usage', message: `${client.command} ${reason}.` }));
    });
    child.on('close', (exitCode, signal) => {
      over();
      resolve(exitCode ?? 128 + (signal === null ? 1 : constants.signals[signal]));
    });
  });
}
