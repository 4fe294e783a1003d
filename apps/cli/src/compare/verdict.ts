import type { Entry } from './contestant.ts';

/** What a person said of a comparison: the places of the best; empty: none is better than the others. */
export type Verdict = readonly number[];

/** Asks with one key which answer is best; undefined: the person does not want to say. Needs a terminal on stdin and stderr. */
export function askVerdict(entries: readonly Entry[], signal: AbortSignal): Promise<Verdict | undefined> {
  const { stdin, stderr } = process;
  const choices = entries.flatMap((entry, place) =>
    entry.problem === undefined && place < 9 ? [{ entry, place }] : [],
  );
  const keys = choices.map(({ entry, place }) => `${place + 1} ${entry.name}`).join('   ');
  stderr.write(`Which answer is best?   ${keys}   = as good   Enter to leave it `);
  return new Promise((resolve) => {
    const wasRaw = stdin.isRaw;
    stdin.setRawMode(true);
    stdin.resume();
    function end(verdict: Verdict | undefined, said: string): void {
      stdin.off('data', onKey);
      signal.removeEventListener('abort', leave);
      stdin.setRawMode(wasRaw);
      stdin.pause();
      stderr.write(`${said}\n`);
      resolve(verdict);
    }
    function onKey(bytes: Uint8Array): void {
      const key = Buffer.from(bytes).toString('utf8');
      const chosen = choices.find(({ place }) => key === String(place + 1));
      if (chosen !== undefined) end([chosen.place], `→ ${chosen.entry.name}`);
      else if (key === '=') end([], '→ as good');
      // Enter, Escape, q, Ctrl-C, Ctrl-D: no verdict. Any other key is a slip.
      else if (['\r', '\n', '\u001b', 'q', '\u0003', '\u0004'].includes(key)) end(undefined, '');
    }
    const leave = () => end(undefined, '');
    stdin.on('data', onKey);
    signal.addEventListener('abort', leave);
  });
}
