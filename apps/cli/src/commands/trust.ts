import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { createTrustStore } from '@signalbox/config';
import { loadConfigurationHere, projectUses } from '../configuration/load-router.ts';
import { createAuditLog } from '../serving/audit-log.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { say } from '../terminal/say.ts';

/** `signalbox trust`: a person says that a project's files may use the keys. Holds for a path and its content. */
export async function trust(
  file: string | undefined,
  options: {
    list?: boolean | undefined;
    revoke?: boolean | undefined;
    config?: string | undefined;
    json?: boolean | undefined;
  },
): Promise<number> {
  const store = createTrustStore({ home: homedir() });
  const audit = createAuditLog(homedir(), (sentence) => say(`warning: ${sentence}`));
  if (options.list === true) {
    const trusted = await store.list();
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify(trusted, null, 2)}\n`);
      return EXIT.success;
    }
    if (trusted.length === 0) say('Nothing is trusted.');
    for (const one of trusted) process.stdout.write(`${one.path}\n`);
    return EXIT.success;
  }
  const loaded = await loadConfigurationHere({ config: options.config });
  const uses = projectUses(loaded);
  const files = file === undefined ? [...new Set(uses.map((use) => use.file))] : [resolve(file)];
  if (options.revoke === true) {
    for (const one of file === undefined ? (await store.list()).map((entry) => entry.path) : files) {
      await store.revoke(one);
      audit.add({ action: 'trust.revoke', via: 'cli', target: one, outcome: 'done' });
      process.stdout.write(`no longer trusted: ${one}\n`);
    }
    return EXIT.success;
  }
  if (files.length === 0) {
    say('Nothing here needs trust.');
    return EXIT.success;
  }
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
