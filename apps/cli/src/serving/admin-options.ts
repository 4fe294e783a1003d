import { homedir } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { renderConfiguration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import type { AdminOptions, ReloadOutcome } from '@signalbox/gateway';
import type { GatewayKeyStore, SqliteLedger } from '@signalbox/store-sqlite';
import { ledgerFile } from '../stores/open-ledger.ts';
import { withoutExperimentalWarning } from '../stores/without-experimental-warning.ts';
import type { AuditLog } from './audit-log.ts';
import type { ReloadingRouter } from './reloading-router.ts';

/** The variable with the credential of the admin API; absent: there is no such API. */
const ADMIN_VARIABLE = 'SIGNALBOX_ADMIN_KEY';
const SHORTEST = 32;

export interface AdminParts {
  readonly reloading: ReloadingRouter;
  readonly keys: GatewayKeyStore;
  readonly audit: AuditLog;
  /** In every process that answers. */
  readonly reload: () => Promise<ReloadOutcome>;
  readonly workers: () => { readonly wanted: number; readonly up: number };
}

/** The credential of the admin API, where one is set. Throws RouterError `configuration` on one that could be guessed. */
export function adminCredential(env: NodeJS.ProcessEnv): string | undefined {
  const credential = env[ADMIN_VARIABLE];
  if (credential === undefined || credential === '') return undefined;
  if (credential.length >= SHORTEST && !/\s/.test(credential)) return credential;
  throw new RouterError({
    kind: 'configuration',
    message: `${ADMIN_VARIABLE} must have at least ${SHORTEST} characters and no spaces: make one with "openssl rand -base64 32", or leave it away.`,
  });
}

/** How often, and how many milliseconds apart, a decision is looked for that is not there. The ledger's writer waits 50 ms. */
const TURNS = 6;
const TURN_MS = 50;

/** What the admin API may do, with this user's keys, ledger and configuration. */
export async function adminOptions(credential: string, parts: AdminParts): Promise<AdminOptions & { close(): void }> {
  const { reloading, keys, audit } = parts;
  const { createSqliteLedger } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  // Only read: what is asked of it must not wait for the gateway's own writing.
  const ledger: SqliteLedger = createSqliteLedger({ file: ledgerFile(homedir()) });
  return {
    credential,
    keys,
    budgets: (caller) => reloading.current.budgets?.standings(caller) ?? [],
    configuration: () => ({
      files: [...reloading.current.loaded.files],
      yaml: renderConfiguration(reloading.current.loaded),
    }),
    reload: parts.reload,
    usage: (query) => ledger.totals({ ...query, days: 'utc' }),
    async decision(id) {
      let decision = ledger.decision(id);
      // Whoever asks with the id of the answer before is as quick as the ledger, which writes several requests at once, in this worker or another.
      for (let turn = 0; turn < TURNS && decision === undefined; turn += 1) {
        await setTimeout(TURN_MS);
        decision = ledger.decision(id);
      }
      if (decision === undefined) return undefined;
      const attempts = ledger.rows({ decision: id }).toReversed();
      return { decision, attempts: attempts.map((row) => ({ ...row, costNanoUsd: row.costNanoUsd })) };
    },
    workers: parts.workers,
    audit: (entry) => audit.add({ ...entry, via: 'admin-api' }),
    close: () => ledger.close(),
  };
}
