import type { Decision } from '@signalbox/core';

/** A decision in two parts: what many decisions have in common, and the figures that only this one has. */
export interface DecisionShape {
  /** JSON with `#` in the place of each figure that was taken out. */
  readonly shape: string;
  /** The figures in their order, separated by commas. */
  readonly figures: string;
}

const STRINGS_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const STRINGS_AND_MARKS = /"(?:[^"\\]|\\.)*"|#/g;

/** Numbers that say little by themselves and repeat: they stay where they are. */
const COMMON = new Set(['0', '1', '0.5']);

/** Takes a decision apart. Its id, time and requested model are not in it: they have columns of their own. */
export function takeApart(decision: Decision): DecisionShape {
  const { id: _id, decidedAt: _decidedAt, requestedModel: _requestedModel, ...rest } = decision;
  const figures: string[] = [];
  const shape = JSON.stringify(rest).replace(STRINGS_AND_NUMBERS, (token) => {
    if (token.startsWith('"') || COMMON.has(token)) return token;
    figures.push(token);
    return '#';
  });
  return { shape, figures: figures.join(',') };
}

/** The JSON that was taken apart. */
export function putTogether({ shape, figures }: DecisionShape): string {
  const rest = figures.split(',');
  let next = 0;
  return shape.replace(STRINGS_AND_MARKS, (token) => (token === '#' ? (rest[next++] ?? 'null') : token));
}
