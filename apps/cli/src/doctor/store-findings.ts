import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Configuration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import { answerFile } from '../stores/open-answer-store.ts';
import { ledgerFile } from '../stores/open-ledger.ts';
import { withoutExperimentalWarning } from '../stores/without-experimental-warning.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** Looks at the ledger, the gateway's keys and the kept answers: can they be opened, are they whole, whose version. Nothing is changed. */
export async function storeFindings(configuration: Configuration | undefined): Promise<readonly Finding[]> {
  const { inspectStore } = await withoutExperimentalWarning(() => import('@signalbox/store-sqlite'));
  const home = homedir();
  const files = [
    ['ledger', ledgerFile(home)],
    ['keys', join(home, '.claude-code', 'signalbox-keys.db')],
    ...(configuration === undefined ? [] : [['answers', answerFile(configuration, home)] as const]),
  ] as const;
  return files.map(([kind, file]): Finding => {
    const check = `store of ${kind}`;
    try {
      const found = inspectStore(file, kind);
      if (found === undefined) return ok(check, 'none yet: it is made when it is needed');
      if (found.damage !== undefined) {
        return problem(
          check,
          `${file} is damaged: ${found.damage}`,
          `move it away (mv ${file} ${file}.damaged); a new one is begun`,
        );
      }
      if (!found.writable) return problem(check, `${file} can't be written`, `chmod u+w ${file}`);
      if (found.readableByOthers) return warning(check, `others on this machine may read ${file}`, `chmod 600 ${file}`);
      const age =
        found.version === found.newestVersion ? '' : `, brought to ${found.newestVersion} when it is used next`;
      return ok(check, `${file}, ${size(found.bytes)}, whole, version ${found.version}${age}`);
    } catch (error) {
      if (!RouterError.is(error)) throw error;
      return problem(
        check,
        error.message.replace(/\.$/, ''),
        'move the file away, or update signalbox; a new one is begun',
      );
    }
  });
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
