import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { RouterError } from '@signalbox/core';
import type { ReloadOutcome } from '@signalbox/gateway';
import type { Router } from '@signalbox/router';
import type { GatewayRoutes } from '@signalbox/setup';
import { hookModuleFile, type LoadedRouter, type LoadRouterOptions, loadRouter } from '../configuration/load-router.ts';
import { waitsForStart } from './read-at-start.ts';

/** A router whose configuration may change while it runs. */
export interface ReloadingRouter {
  /** Answers by the configuration of the moment; a request that has begun keeps the one it began with. */
  readonly router: Router;
  readonly routes: GatewayRoutes;
  /** How the budgets of whoever sends a request stand. Throws RouterError. */
  readonly standings: LoadedRouter['standings'];
  readonly current: LoadedRouter;
  /** Takes over the configuration as it is now. Never throws: a bad one is told of, and the old one stays. */
  reload(): Promise<ReloadOutcome>;
  close(): Promise<void>;
}

export interface ReloadOptions extends LoadRouterOptions {
  /** Hears a sentence when a changed configuration was taken over. */
  readonly onReload: (sentence: string) => void;
  /** Hears a sentence when it was not. */
  readonly onReloadFault: (sentence: string) => void;
  /** Hears of either. */
  readonly onOutcome?: ((outcome: ReloadOutcome) => void) | undefined;
}

/** Milliseconds between two looks at the files. Looking costs less than the events of a folder that a ledger is written into. */
const LOOK_MS = 1_000;
/** What is only half written, emptied or gone must not make a running gateway answer with what is made up. */
const NOBODY_LEFT =
  'it leaves no provider with a key, and the simulator would answer in their place. To have that, start the gateway anew.';
/** Milliseconds for which a configuration that was replaced goes on serving what began with it. */
const GRACE_MS = 15 * 60_000;

/** Loads the configuration, and again whenever one of its files changes. Throws RouterError where the first one is bad. */
export async function loadReloadingRouter(options: ReloadOptions): Promise<ReloadingRouter> {
  let current = await loadRouter(options);
  const started = current.loaded.configuration.gateway;
  let seen = signatureOf(current);
  let busy: Promise<ReloadOutcome> | undefined;
  let closed = false;
  const replaced = new Map<LoadedRouter, NodeJS.Timeout>();

  async function takeOver(): Promise<ReloadOutcome> {
    try {
      const next = await loadRouter({ ...options, carried: current.carried });
      if (closed) {
        await next.close();
        return { takenOver: false, sentence: 'The gateway is shutting down.' };
      }
      if (next.simulated && !current.simulated) {
        await next.close();
        throw new RouterError({ kind: 'configuration', message: NOBODY_LEFT });
      }
      const old = current;
      current = next;
      old.stopForgetting();
      replaced.set(old, setTimeout(() => retire(old), GRACE_MS).unref());
      const files = next.loaded.files.join(', ') || 'no file: defaults';
      const later = waitsForStart(started, next.loaded.configuration.gateway);
      const sentence = `The changed configuration is in effect (${files}).${later === '' ? '' : ` But ${later}`}`;
      options.onReload(sentence);
      for (const warning of next.loaded.warnings) options.onReload(`warning: ${warning}`);
      const outcome = { takenOver: true, sentence };
      options.onOutcome?.(outcome);
      return outcome;
    } catch (error) {
      const reason = RouterError.is(error) ? error.message : String(error);
      const sentence = `The changed configuration is not taken over, the old one stays in effect: ${reason}`;
      options.onReloadFault(sentence);
      const outcome = { takenOver: false, sentence };
      options.onOutcome?.(outcome);
      return outcome;
    }
  }

  function retire(old: LoadedRouter): Promise<void> {
    replaced.delete(old);
    return old.close();
  }

  function reload(): Promise<ReloadOutcome> {
    // One after the other: the last that was written is the one that holds.
    busy = busy === undefined ? takeOver() : busy.then(takeOver);
    return busy;
  }

  let written = seen;
  const timer = setInterval(() => {
    const signature = signatureOf(current);
    const isWhole = signature === written;
    written = signature;
    // What changes from look to look is still being written.
    if (signature === seen || !isWhole) return;
    seen = signature;
    void reload();
  }, LOOK_MS).unref();

  return {
    router: delegate(() => current.router),
    routes: {
      resolve: (name, isBackground) => current.routes.resolve(name, isBackground),
      get names() {
        return current.routes.names;
      },
    },
    standings: (caller) => current.standings(caller),
    get current() {
      return current;
    },
    reload,
    async close() {
      closed = true;
      clearInterval(timer);
      await busy;
      for (const waiting of replaced.values()) clearTimeout(waiting);
      await Promise.all([...replaced.keys()].map(retire));
      await current.close();
    },
  };
}

/** All files that make up a configuration, or could: which there are, and when each was written. */
function signatureOf({ loaded }: LoadedRouter): string {
  const folders = [loaded.projectFolder ?? process.cwd(), homedir()];
  const possible = folders.flatMap((folder) =>
    ['yml', 'yaml', 'json'].map((ending) => join(folder, '.claude-code', `router-config.${ending}`)),
  );
  const module = hookModuleFile(loaded) ?? [];
  const files = new Set([...loaded.files, ...possible, join(process.cwd(), '.env')].concat(module));
  return [...files]
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found === undefined ? '-' : `${found.ino} ${found.mtimeMs} ${found.size}`;
    })
    .join('\n');
}

function delegate(current: () => Router): Router {
  return {
    decide: (call) => current().decide(call),
    explain: (call) => current().explain(call),
    stream: (request, rest) => current().stream(request, rest),
    generate: (request, rest) => current().generate(request, rest),
    forward: (call) => current().forward(call),
    countTokens: (call) => current().countTokens(call),
    embed: (request, rest) => current().embed(request, rest),
    kept: (call) => current().kept(call),
    get candidates() {
      return current().candidates;
    },
    endpoints: () => current().endpoints(),
    measured: (candidate) => current().measured(candidate),
    close: () => current().close(),
  };
}
