import type { Decision, DecisionEntry } from '@signalbox/core';

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
  const [entry] = decision.order;
  if (entry === undefined || !isPlain(decision)) return apart(decision);
  const known = plainShapes.get(entry) ?? (isAlike(entry, lastEntry) ? plainShapes.get(lastEntry) : undefined);
  if (known !== undefined && known.strategy === decision.strategy && known.reason === decision.reason)
    return known.shape;
  const shape = apart(decision);
  lastEntry = entry;
  plainShapes.set(entry, { strategy: decision.strategy, reason: decision.reason, shape });
  return shape;
}

/** Shapes of exact choices, whose one entry is the same object in all of them. */
const plainShapes = new WeakMap<
  DecisionEntry,
  { readonly strategy: string; readonly reason: string; readonly shape: DecisionShape }
>();

/** Whoever makes an entry for each decision mostly makes the same again. */
let lastEntry: DecisionEntry = { candidate: '', provider: '', model: '' };

/** Whether two entries have the same members with the same plain values. */
function isAlike(one: DecisionEntry, other: DecisionEntry): boolean {
  let members = 0;
  for (const name in one) {
    members += 1;
    if (one[name as keyof DecisionEntry] !== other[name as keyof DecisionEntry] || !Object.hasOwn(other, name))
      return false;
  }
  for (const _ in other) members -= 1;
  return members === 0;
}

const PLAIN_MEMBERS: ReadonlySet<string> = new Set([
  'id',
  'decidedAt',
  'requestedModel',
  'strategy',
  'reason',
  'order',
]);

/** Whether a decision says nothing beside its one entry, its strategy and its reason. */
function isPlain(decision: Decision): boolean {
  if (decision.order.length !== 1) return false;
  for (const name in decision) {
    if (PLAIN_MEMBERS.has(name)) continue;
    const value = decision[name as keyof Decision];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) return false;
  }
  return true;
}

function apart(decision: Decision): DecisionShape {
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
