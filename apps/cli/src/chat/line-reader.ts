import { createInterface, type Interface, type Key } from 'node:readline';
import { ReadStream } from 'node:tty';

/** What a person did at the prompt. */
type Entered =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end' }
  | { readonly kind: 'interrupt' };

/** Reads turns from the standard input. */
export interface LineReader {
  next(): Promise<Entered>;
  close(): void;
}

const PROMPT = '> ';
const MORE = '. ';
const BLOCK = '"""';
/** Switches bracketed paste on and off: what is pasted comes between two marks (xterm). */
const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l';

/**
 * A terminal's reader: a line that ends in a backslash goes on in the next, `"""` begins and ends several lines, and what is pasted is one turn. While an answer
 * comes the terminal is as it always is, so that Ctrl-C is a signal.
 */
export function terminalReader(commands: readonly string[]): LineReader {
  const history: string[] = [];
  return {
    next: () => readTurn(history, commands),
    close: () => undefined,
  };
}

function readTurn(history: string[], commands: readonly string[]): Promise<Entered> {
  const output = process.stdout.isTTY === true ? process.stdout : process.stderr;
  const reader: Interface = createInterface({
    input: process.stdin,
    output,
    terminal: true,
    prompt: PROMPT,
    history: [...history],
    historySize: 200,
    completer: (line: string) => [line.startsWith('/') ? commands.filter((name) => name.startsWith(line)) : [], line],
  });
  output.write(PASTE_ON);
  const lines: string[] = [];
  let block = false;
  let pasting = false;
  let finished = false;
  return new Promise((resolve) => {
    const done = (entered: Entered) => {
      process.stdin.off('keypress', onKey);
      output.write(PASTE_OFF);
      finished = true;
      reader.close();
      resolve(entered);
    };
    function onKey(_: string | undefined, key: Key): void {
      if (key.name === 'paste-start') pasting = true;
      if (key.name === 'paste-end') pasting = false;
    }
    process.stdin.on('keypress', onKey);
    reader.on('line', (line) => {
      const mark = line.trim().startsWith(BLOCK) || line.trim().endsWith(BLOCK);
      const opens = !block && line.trim().startsWith(BLOCK) && !(line.trim().length > 3 && line.trim().endsWith(BLOCK));
      const bare = mark ? line.replace(BLOCK, '').replace(BLOCK, '') : line;
      const goesOn = !block && !mark && line.endsWith('\\');
      if (opens) block = true;
      else if (block && mark) block = false;
      if (!(mark && bare.trim() === '')) lines.push(goesOn ? line.slice(0, -1) : bare);
      if (block || goesOn || pasting) {
        reader.setPrompt(MORE);
        reader.prompt();
        return;
      }
      const text = lines.join('\n');
      if (text.trim() !== '' && !text.includes('\n')) history.unshift(text);
      done({ kind: 'text', text });
    });
    reader.on('SIGINT', () => {
      const isEmpty = reader.line === '' && lines.length === 0;
      output.write('\n');
      if (isEmpty) done({ kind: 'interrupt' });
      else done({ kind: 'text', text: '' });
    });
    reader.on('close', () => {
      if (finished) return;
      output.write('\n');
      done({ kind: 'end' });
    });
    reader.prompt();
  });
}

/** A pipe's reader: one line is one turn. */
export function pipeReader(): LineReader {
  const reader = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  const waiting: Entered[] = [];
  let wake: (() => void) | undefined;
  const hand = (entered: Entered) => {
    waiting.push(entered);
    wake?.();
  };
  reader.on('line', (text) => hand({ kind: 'text', text }));
  reader.on('close', () => hand({ kind: 'end' }));
  return {
    async next() {
      while (waiting.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return waiting.shift() ?? { kind: 'end' };
    },
    close: () => reader.close(),
  };
}

export const isTerminal = () => process.stdin instanceof ReadStream && process.stdin.isTTY === true;
