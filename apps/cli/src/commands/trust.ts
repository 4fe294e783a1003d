import { homedir } from 'node:os';
import { resolve, sep } from 'node:path';
import { createTrustStore, type TrustStore } from '@signalbox/config';
import { loadConfigurationHere, projectUses } from '../configuration/load-router.ts';
import { type AuditLog, createAuditLog } from '../serving/audit-log.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

interface TrustCommand {
  readonly list?: boolean | undefined;
  readonly revoke?: boolean | undefined;
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `signalbox trust`: a person says that a project's files may use the keys. Holds for a path and its content. */
export async function trust(file: string | undefined, options: TrustCommand): Promise<number> {
  const store = createTrustStore({ home: homedir() });
  if (options.list === true) return list(store, options.json === true);
  const audit = createAuditLog(homedir(), (sentence) => say(`warning: ${sentence}`));
  if (options.revoke !== true) return add(store, audit, file, options);
  // A file that is named needs no configuration: the one that is here may be what is wrong.
  return revoke(store, audit, file === undefined ? await trustedHere(store, options) : [resolve(file)]);
}

async function list(store: TrustStore, json: boolean): Promise<number> {
  const trusted = await store.list();
  if (json) process.stdout.write(`${JSON.stringify(trusted, null, 2)}\n`);
  else if (trusted.length === 0) say('Nothing is trusted.');
  else for (const { path } of trusted) process.stdout.write(`${path}\n`);
  return EXIT.success;
}

async function add(
  store: TrustStore,
  audit: AuditLog,
  file: string | undefined,
  options: TrustCommand,
): Promise<number> {
  const uses = projectUses(await loadConfigurationHere({ config: options.config }));
  const files = file === undefined ? [...new Set(uses.map((use) => use.file))] : [resolve(file)];
  if (files.length === 0) say('Nothing here needs trust.');
  for (const one of files) {
    const { sha256 } = await store.trust(one);
    audit.add({ action: 'trust.add', via: 'cli', target: one, outcome: 'done', details: { sha256 } });
    process.stdout.write(`trusted as it is now: ${one}\n`);
    // Several keys of a file may do the same.
    const reasons = new Set(uses.filter((use) => use.file === one).map((use) => use.reason));
    for (const reason of reasons) process.stdout.write(`  ${reason}\n`);
  }
  return EXIT.success;
}

/** What is trusted of this folder: what its configuration uses, and what lies below it, which may have been used before. */
async function trustedHere(store: TrustStore, options: TrustCommand): Promise<readonly string[]> {
  const uses = projectUses(await loadConfigurationHere({ config: options.config }));
  const used = new Set(uses.map((use) => use.file));
  const below = resolve('.') + sep;
  return (await store.list()).map(({ path }) => path).filter((path) => used.has(path) || path.startsWith(below));
}

async function revoke(store: TrustStore, audit: AuditLog, files: readonly string[]): Promise<number> {
  if (files.length === 0) say('Nothing here is trusted: signalbox trust --list shows what is.');
  for (const one of files) {
    if (!(await store.revoke(one))) {
      say(`It was not trusted: ${one}`);
      continue;
    }
    audit.add({ action: 'trust.revoke', via: 'cli', target: one, outcome: 'done' });
    process.stdout.write(`no longer trusted: ${one}\n`);
  }
  return EXIT.success;
}
