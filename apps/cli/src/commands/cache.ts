import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { formatUsd } from '@signalbox/core';
import { loadConfigurationHere, requireTrust } from '../configuration/load-router.ts';
import { answerFile, openAnswerStore } from '../stores/open-answer-store.ts';
import { ledgerFile, openLedger } from '../stores/open-ledger.ts';
import { EXIT } from '../terminal/exit-code.ts';

/** `signalbox cache stats|clear`: what is kept on the disk, and what it has saved. */
export async function cache(
  what: 'stats' | 'clear',
  options: { config?: string | undefined; json?: boolean | undefined },
): Promise<number> {
  const loaded = await loadConfigurationHere(options);
  await requireTrust(loaded);
  const { configuration } = loaded;
  const { enabled, storage } = configuration.caching;
  const file = answerFile(configuration, homedir());
  const isKept = existsSync(file);
  const onDisk = { ...configuration, caching: { ...configuration.caching, enabled: true, storage: 'disk' as const } };
  // The file outlives the setting: what was kept before can be looked at, and cleared, when caching is off.
  const store = isKept ? await openAnswerStore(onDisk, homedir(), () => undefined) : undefined;
  try {
    if (what === 'clear') {
      const { answers = 0 } = store?.size() ?? {};
      store?.clear();
      process.stdout.write(answers === 0 ? 'nothing was kept\n' : `forgotten: ${countOf(answers)} in ${file}\n`);
      return EXIT.success;
    }
    const size = store?.size();
    const saved = await savings(loaded);
    if (options.json === true) {
      const shown = {
        enabled,
        storage: storage ?? 'disk',
        file,
        answers: size?.answers ?? 0,
        bytes: size?.bytes ?? 0,
        ...saved,
      };
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
      return EXIT.success;
    }
    const state = !enabled
      ? 'off (caching.enabled)'
      : storage === 'memory'
        ? 'on, in the memory of each process'
        : 'on';
    process.stdout.write(`caching is ${state}\n`);
    process.stdout.write(`${countOf(size?.answers ?? 0)}, ${megabytes(size?.bytes ?? 0)}, in ${file}\n`);
    process.stdout.write(
      `given again ${saved.hits} ${saved.hits === 1 ? 'time' : 'times'}, ${formatUsd(saved.savedNanoUsd)} saved\n`,
    );
    return EXIT.success;
  } finally {
    store?.close();
  }
}

/** What the ledger says of kept answers, since it was begun. */
async function savings({ configuration }: Awaited<ReturnType<typeof loadConfigurationHere>>) {
  const none = { hits: 0, savedNanoUsd: 0 };
  if (!existsSync(ledgerFile(homedir()))) return none;
  const ledger = await openLedger(configuration, homedir(), () => undefined);
  try {
    const [totals] = ledger?.totals() ?? [];
    return totals === undefined ? none : { hits: totals.cacheHits, savedNanoUsd: totals.savedNanoUsd };
  } finally {
    ledger?.close();
  }
}

const countOf = (answers: number) => `${answers} ${answers === 1 ? 'answer' : 'answers'}`;

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
