import { createHash } from 'node:crypto';
import type { Part } from '@signalbox/core';
import type { Task } from './task.ts';

/** A task that shares its request with others: text only, since an image or a PDF has no place between other tasks' words. */
export interface JoinedTask {
  readonly title: string;
  readonly text: string;
}

/** One request for several tasks, and what tells their answers apart. */
export interface JoinedPrompt {
  readonly text: string;
  /** Does not stand in any task, and is the same for the same tasks, so that a kept answer can be found again. */
  readonly mark: string;
}

/** Puts tasks into one prompt that asks for an answer to each, behind a line of its own. `instruction`: what is asked about each of them. */
export function joinTasks(tasks: readonly JoinedTask[], instruction?: string): JoinedPrompt {
  const mark = createHash('sha256')
    .update(JSON.stringify([instruction, tasks.map(({ text }) => text)]))
    .digest('hex')
    .slice(0, 6);
  const blocks = tasks.map(({ text }, index) => `<task number="${index + 1}">\n${text}\n</task>`);
  const asked =
    instruction === undefined ? [] : [`For each of the ${tasks.length} tasks above, by itself: ${instruction}`];
  const text = [
    ...blocks,
    ...asked,
    `Answer the ${tasks.length} tasks one by one, in order, leaving none out. Begin each answer with a line that is only its mark: ${markLine(1, mark)}, ${markLine(2, mark)} and so on.`,
  ].join('\n\n');
  return { text, mark };
}

/**
 * The answers by task: `undefined` where there is none that is surely its own: its mark is missing, stands twice or out of order, nothing follows it, or it is the last of an
 * answer that was cut (`whole` is false).
 */
export function splitAnswer(
  answer: string,
  count: number,
  mark: string,
  whole: boolean,
): readonly (string | undefined)[] {
  const found: { readonly number: number; readonly from: number; readonly start: number }[] = [];
  // Models like to dress a line up: quotes, bold, a heading.
  const lines = new RegExp(`^[ \\t#>*\`]*\\[\\[answer (\\d{1,6}) ${mark}\\]\\][ \\t*\`:]*$`, 'gim');
  for (const match of answer.matchAll(lines)) {
    found.push({ number: Number(match[1]), start: match.index, from: match.index + match[0].length });
  }
  const answers = Array.from({ length: count }, (): string | undefined => undefined);
  for (const [index, { number, from }] of found.entries()) {
    const isOnly = found.filter((one) => one.number === number).length === 1;
    const inOrder = found.slice(0, index).every((one) => one.number < number);
    if (!isOnly || !inOrder || number < 1 || number > count) continue;
    const isLast = index === found.length - 1;
    if (isLast && !whole) continue;
    const text = answer.slice(from, found[index + 1]?.start).trim();
    if (text !== '') answers[number - 1] = text;
  }
  return answers;
}

const markLine = (number: number, mark: string) => `[[answer ${number} ${mark}]]`;

/** The same for tasks that have to be read. */
export async function joinGroup(tasks: readonly Task[]): Promise<JoinedPrompt> {
  const read = await Promise.all(
    tasks.map(async (task) => ({ title: task.title, text: onlyText(await task.read()) ?? '' })),
  );
  return joinTasks(read, tasks[0]?.instruction);
}

/** The text of a task's parts; undefined where there is more than text. */
export function onlyText(parts: readonly Part[]): string | undefined {
  const texts: string[] = [];
  for (const part of parts) {
    if (part.type !== 'text') return undefined;
    texts.push(part.text);
  }
  return texts.join('\n\n');
}
