import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nanoToUsd, RouterError } from '@signalbox/core';
import pc from 'picocolors';
import { terminalWidth } from '../terminal/terminal-width.ts';
import { wrapped } from '../terminal/wrapped.ts';
import { durationText, figuresText } from './tally.ts';
import type { Task, TaskResult } from './task.ts';

/** How results are written down. */
export interface ResultStyle {
  readonly json: boolean;
  /** A folder that gets a file for each answer. */
  readonly out: string | undefined;
  /** The standard output is a terminal. */
  readonly terminal: boolean;
}

/** What the standard output gets for one task, once those before it are out. Writes the answer's file, where there is a folder for it. Throws RouterError. */
export async function showResult(
  task: Task,
  index: number,
  result: TaskResult,
  { json, out, terminal }: ResultStyle,
): Promise<string> {
  const file = out === undefined || result.outcome === 'failed' ? undefined : outFile(out, task, index);
  if (file !== undefined && result.outcome === 'answered') await writeAnswer(file, result.answer);
  if (json) return `${JSON.stringify(jsonOf(task, result, file))}\n`;
  if (out !== undefined) return '';
  if (result.outcome === 'failed') return '';
  const answer = result.answer.endsWith('\n') ? result.answer : `${result.answer}\n`;
  if (!terminal) return `==> ${task.title} <==\n${answer}\n`;
  const colors = pc.createColors(process.env.NO_COLOR === undefined);
  const { candidate, cost = 0, usage, durationMs, ...rest } = result.figures;
  const figures = result.kept
    ? 'answered by an earlier run'
    : `${candidate} · ${figuresText({ ...rest, usage, cost })} · ${durationText(durationMs)}`;
  const head = wrapped(`${task.title}  ${figures}`, terminalWidth(process.stdout), '  ');
  const title = head.startsWith(task.title) ? task.title.length : 0;
  return `${colors.bold(head.slice(0, title))}${colors.dim(head.slice(title))}\n${answer}\n`;
}

function jsonOf(task: Task, result: TaskResult, file: string | undefined) {
  const { candidate, usage, cost, exact, simulated, durationMs, sharedBy } = result.figures;
  return {
    [task.isFile ? 'file' : 'prompt']: task.title,
    outcome: result.outcome,
    ...(result.outcome === 'answered'
      ? { answer: result.answer, kept: result.kept ?? false }
      : { problem: result.problem }),
    ...(file === undefined ? {} : { out: file }),
    model: candidate ?? null,
    usage: usage ?? null,
    cost: cost === undefined ? null : { usd: nanoToUsd(cost), nanoUsd: cost, exact },
    simulated,
    durationMs,
    ...(sharedBy === undefined ? {} : { sharedBy }),
  };
}

/** A file of the folder, whatever the task is called: nothing leaves the folder. */
function outFile(out: string, task: Task, index: number): string {
  if (!task.isFile) return join(out, `prompt-${index + 1}.md`);
  const safe = task.title
    .split(/[\\/]/)
    .filter((segment) => segment !== '' && segment !== '.')
    .map((segment) => (segment === '..' ? '__' : segment.replaceAll(':', '_')));
  return join(out, `${safe.join('/')}.md`);
}

async function writeAnswer(file: string, answer: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, answer.endsWith('\n') ? answer : `${answer}\n`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new RouterError({
      kind: 'internal',
      message: `The answer can't be written to ${file} (${code}); it is kept, and the same command goes on from here.`,
    });
  }
}
