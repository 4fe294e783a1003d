import { terminalWidth } from './terminal-width.ts';
import { wrapped } from './wrapped.ts';

/** Writes a sentence to stderr: in a terminal broken between words, in a pipe as one line. */
export function say(sentence: string): void {
  process.stderr.write(`${wrapped(sentence, terminalWidth(process.stderr), '  ')}\n`);
}
