import type { Outcome, TaskProfile } from '@signalbox/core';
import { analyseTask, type SketchedOutcome, sketchOf } from '../src/index.ts';

/** Numbers of chance, 0 to 1, the same ones for a seed. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
}

const SUBJECTS = ['invoices', 'customers', 'sensors', 'playlists', 'recipes', 'tickets', 'parcels', 'meters', 'rooms'];
const VERBS = [
  'Write a function that sorts',
  'Explain how to store',
  'Implement an importer for',
  'Review the code for',
];
const PLACES = ['in the shop', 'on the phone', 'at night', 'for the warehouse', 'of last year', 'with two columns'];
// Words that the lexicon of kinds does not have: else the kind would tell what the heads have to learn.
const SPECIAL = ['zookeeper', 'prolog'];

/** A prompt made of common words, and in some of them a special one that a model may be bad at. */
function promptOf(random: () => number): { readonly prompt: string; readonly special: boolean } {
  const pick = <One>(from: readonly One[]) => from[Math.floor(random() * from.length)] as One;
  const special = random() < 0.4;
  const words = [pick(VERBS), pick(SUBJECTS), pick(PLACES), 'and', pick(SUBJECTS), pick(PLACES)];
  return { prompt: [...words, ...(special ? ['under', pick(SPECIAL)] : [])].join(' '), special };
}

export function analysed(prompt: string): { readonly task: TaskProfile; readonly sketch: Uint8Array } {
  const task = analyseTask(prompt, undefined, { keepsSketches: true });
  const sketch = sketchOf(task);
  if (sketch === undefined) throw new Error('the analyser keeps sketches');
  return { task, sketch };
}

/** Judged answers of two models; `goodShare` says how often a model is good at a prompt. */
export function judged(
  count: number,
  seed: number,
  goodShare: (candidate: string, special: boolean) => number,
): readonly SketchedOutcome[] {
  const random = chance(seed);
  return Array.from({ length: count }, (_, index) => {
    const { prompt, special } = promptOf(random);
    const { task, sketch } = analysed(prompt);
    const candidate = random() < 0.5 ? 'a/small' : 'a/large';
    const outcome: Outcome = {
      candidate,
      taskType: task.type,
      complexity: task.complexity,
      good: random() < goodShare(candidate, special),
      source: 'feedback',
      at: index,
    };
    return { ...outcome, sketch };
  });
}
