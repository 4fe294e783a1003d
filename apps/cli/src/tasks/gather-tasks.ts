import { statSync } from 'node:fs';
import { RouterError } from '@signalbox/core';
import { readFilePart } from '../prompt/attachments.ts';
import { filesOf } from '../prompt/find-files.ts';
import { namedFiles, type WordKind } from './named-files.ts';
import type { Task } from './task.ts';

/** What `--parallel` and `--join` work on. */
export interface TaskWords {
  /** What stands on the command line, one entry for each quoted text. */
  readonly words: readonly string[];
  /** Patterns of `--files`; they add to what the sentence names where they only leave out. */
  readonly files: readonly string[];
}

/**
 * The tasks: one for each file that `--files` or the sentence names, else one for each prompt where there are several. Throws RouterError `usage` where
 * neither is there.
 */
export async function gatherTasks({ words, files }: TaskWords): Promise<readonly Task[]> {
  const sentence = words.join(' ');
  const onlyLeavesOut = files.every((pattern) => pattern.startsWith('!'));
  const named = onlyLeavesOut ? namedFiles(sentence, lookAt) : [];
  const patterns = [...named, ...files];
  if (patterns.some((pattern) => !pattern.startsWith('!'))) {
    return (await filesOf(patterns)).map((file) => fileTask(file, sentence));
  }
  if (words.length > 1) return words.map(promptTask);
  throw new RouterError({
    kind: 'usage',
    message: `"${shorten(sentence)}" names no files that are here: say which ("Review all Python files in src/"), add --files 'src/**/*.py', or give several prompts in quotes.`,
  });
}

function fileTask(file: string, instruction: string): Task {
  return { title: file, isFile: true, instruction, read: async () => [await readFilePart(file)] };
}

function promptTask(prompt: string): Task {
  return { title: shorten(prompt), isFile: false, read: async () => [{ type: 'text', text: prompt }] };
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}

function lookAt(word: string): WordKind {
  const found = statSync(word, { throwIfNoEntry: false });
  return found === undefined ? 'nothing' : found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'nothing';
}
