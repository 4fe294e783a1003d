import { RouterError } from '@signalbox/core';

/** The prompt: the words of the command line, else the standard input. Throws RouterError `usage` where there is none. */
export async function readPrompt(words: readonly string[]): Promise<string> {
  if (words.length > 0) return words.join(' ');
  if (process.stdin.isTTY) {
    throw new RouterError({
      kind: 'usage',
      message: 'There is no prompt: write signalbox "your prompt", or pipe one in. See --help.',
    });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
  const text = Buffer.concat(chunks).toString('utf8').trim();
  if (text === '') {
    throw new RouterError({ kind: 'usage', message: 'There is no prompt: the standard input was empty. See --help.' });
  }
  return text;
}
