import { fstatSync } from 'node:fs';
import { type Part, RouterError } from '@signalbox/core';
import { decodeText } from './decode-text.ts';
import { isBinary } from './is-binary.ts';

/** Bytes of the standard input at most: as many as of files. */
const MOST_BYTES = 32 * 1024 * 1024;

/** What is asked, and what it is asked about. */
export interface PromptText {
  readonly prompt: string;
  /** What came over the standard input beside a prompt of the command line. */
  readonly context?: string | undefined;
}

/** The prompt: the words of the command line, else the standard input. Throws RouterError `usage` where there is none. */
export async function readPrompt(words: readonly string[]): Promise<string> {
  if (words.length > 0) {
    const prompt = words.join(' ');
    if (prompt.trim() !== '') return prompt;
    throw new RouterError({
      kind: 'usage',
      message: 'The prompt is empty: write signalbox "your prompt". See --help.',
    });
  }
  if (process.stdin.isTTY) {
    throw new RouterError({
      kind: 'usage',
      message: 'There is no prompt: write signalbox "your prompt", or pipe one in. See --help.',
    });
  }
  const text = (await readStandardInput()).trim();
  if (text === '') {
    throw new RouterError({ kind: 'usage', message: 'There is no prompt: the standard input was empty. See --help.' });
  }
  return text;
}

/** The same with what was piped in beside the words: `git diff | signalbox "Review this"`. Throws RouterError `usage`. */
export async function readPromptAndContext(
  words: readonly string[],
  tell: (sentence: string) => void,
): Promise<PromptText> {
  const prompt = await readPrompt(words);
  if (words.length === 0) return { prompt };
  const context = await readContext(tell);
  return context === undefined || context.trim() === '' ? { prompt } : { prompt, context };
}

/** Milliseconds of silence after which we say what we wait for. */
const SAY_AFTER = 3_000;
/** Milliseconds after which a program that started us and says nothing is taken to have nothing to say. */
const SILENT_PARENT = 500;

/**
 * The standard input, where somebody piped or redirected something into it. A shell's pipe is read to its end. A program that starts us often leaves an
 * open socket there that it never writes to: that one is not waited for.
 */
async function readContext(tell: (sentence: string) => void): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  let kind: ReturnType<typeof fstatSync>;
  try {
    kind = fstatSync(0);
  } catch {
    return undefined;
  }
  if (kind.isFile()) return readStandardInput();
  if (kind.isSocket() && !(await speaksWithin(SILENT_PARENT))) return undefined;
  if (!kind.isFIFO() && !kind.isSocket()) return undefined;
  const reminder = setTimeout(
    () => tell('Waiting for the end of the standard input, which goes along as context; "< /dev/null" sends none.'),
    SAY_AFTER,
  );
  try {
    return await readStandardInput();
  } finally {
    clearTimeout(reminder);
  }
}

/** Whether there is something to read, or the end, within so many milliseconds. */
function speaksWithin(milliseconds: number): Promise<boolean> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const timer = setTimeout(() => answer(false), milliseconds);
    const speaks = () => answer(true);
    function answer(spoke: boolean): void {
      clearTimeout(timer);
      stdin.off('readable', speaks);
      stdin.off('end', speaks);
      // Nobody reads it: it must not keep the program alive.
      if (!spoke) stdin.destroy();
      resolve(spoke);
    }
    stdin.on('readable', speaks);
    stdin.on('end', speaks);
  });
}

async function readStandardInput(): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    // A program that writes for ever (`yes |`) would take all memory otherwise.
    if (size > MOST_BYTES) {
      throw new RouterError({
        kind: 'usage',
        message: `The standard input is larger than ${MOST_BYTES / 1024 / 1024} MiB, which is more than any model takes: send less.`,
      });
    }
  }
  const bytes = Buffer.concat(chunks);
  if (isBinary(bytes)) {
    throw new RouterError({
      kind: 'usage',
      message:
        'The standard input is no text: pass images and PDFs by name (--file NAME), and other files as UTF-8 text.',
    });
  }
  return decodeText(bytes);
}

/** What was piped in, told apart from what is asked about it. */
export function contextParts(context: string | undefined): readonly Part[] {
  if (context === undefined) return [];
  const text = context.endsWith('\n') ? context : `${context}\n`;
  return [{ type: 'text', text: `<standard_input>\n${text}</standard_input>` }];
}
