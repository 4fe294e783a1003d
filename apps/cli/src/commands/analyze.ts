import { createInterface } from 'node:readline';
import { asObject, parseJson, RouterError } from '@signalbox/core';
import { analysisLine } from '@signalbox/task-analysis';
import { readPrompt } from '../prompt/read-prompt.ts';
import { EXIT } from '../terminal/exit-code.ts';

/** Lines are written in packets of so many characters. */
const PACKET = 64 * 1024;

/**
 * `signalbox analyze`: what kind of task a prompt is and how hard. With `--jsonl` for a file of prompts: a line of JSON in, a line of JSON out,
 * in the same order. Needs no configuration and makes no call.
 */
export async function analyze(
  words: readonly string[],
  options: { jsonl: boolean; models?: string | undefined },
): Promise<number> {
  const models = options.models
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (!options.jsonl) {
    const { id: _, ...analysis } = analysisLine(undefined, await readPrompt(words), models);
    process.stdout.write(`${JSON.stringify(analysis, null, 2)}\n`);
    return EXIT.success;
  }
  if (words.length > 0) {
    throw new RouterError({
      kind: 'usage',
      message: 'analyze --jsonl reads its prompts from the standard input: signalbox analyze --jsonl < prompts.jsonl.',
    });
  }
  let packet = '';
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    const row = asObject(parseJson(line));
    if (typeof row?.prompt !== 'string') {
      process.stdout.write(packet);
      throw new RouterError({
        kind: 'usage',
        message: `Line ${number} is not of the form {"id": "…", "prompt": "…"}: ${row === undefined ? 'it is no JSON object' : 'it has no "prompt" that is text'}.`,
      });
    }
    packet += `${JSON.stringify(analysisLine(row.id ?? null, row.prompt, models))}\n`;
    if (packet.length < PACKET) continue;
    if (!process.stdout.write(packet)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    packet = '';
  }
  process.stdout.write(packet);
  return EXIT.success;
}
