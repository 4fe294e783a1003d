import { parseJson } from '../../packages/core/src/index.ts';
import { required } from '../checks.ts';
import type { Check, FailureCase } from '../failure-case.ts';

const CALL = {
  name: 'look_up',
  arguments: { station: 'Lisboa Santa Apolónia', platform: 4, at: '2026-11-22T12:00:00Z' },
};
const wholeArguments: Check = required('a call that is presented as right has whole arguments', ({ answers }) =>
  answers.every(
    ({ outcome, toolArguments }) =>
      outcome !== 'complete' || (toolArguments.length === 1 && parseJson(toolArguments[0] ?? '') !== undefined),
  ),
);

/** Longer than what is held back of a call. */
const LONG_CALL = {
  name: 'write_file',
  arguments: { path: 'timetable.txt', content: 'Lisboa Santa Apolónia 12:00, Porto Campanhã 15:10. '.repeat(40) },
};
const OTHER_CALL = { name: 'write_file', arguments: { path: 'timetable.txt', content: 'There are no trains today.' } };

/** Streams that break off in a tool call. */
export const CALLS_THAT_BREAK_OFF: readonly FailureCase[] = [
  {
    id: 'X24.cut',
    title: 'cut inside the arguments of a tool call',
    wall: 40,
    expected: null,
    faults: { primary: { text: '', toolCall: [CALL], cut: 3 }, fallback: { text: '', toolCall: [CALL] } },
    checks: [wholeArguments],
  },
  {
    id: 'X24.first',
    title: 'cut before the arguments of a tool call',
    wall: 40,
    expected: null,
    faults: { primary: { text: '', toolCall: [CALL], cut: 0 }, fallback: { text: '', toolCall: [CALL] } },
    checks: [wholeArguments],
  },
  {
    id: 'X24.another',
    title: 'cut inside a tool call, and the fallback calls another way',
    wall: 40,
    expected: null,
    faults: { primary: { text: '', toolCall: [CALL], cut: 3 }, fallback: { text: '', toolCall: [OTHER_CALL] } },
    checks: [wholeArguments],
  },
  {
    id: 'X24.long',
    title: 'cut inside a long tool call that the fallback makes again',
    wall: 60,
    expected: null,
    faults: {
      primary: { text: '', toolCall: [LONG_CALL], cut: 120 },
      fallback: { text: '', toolCall: [LONG_CALL] },
    },
    checks: [wholeArguments],
  },
  {
    id: 'X24.longother',
    title: 'cut inside a long tool call that nobody makes again',
    wall: 60,
    expected: null,
    ideal: 'error',
    faults: {
      primary: { text: '', toolCall: [LONG_CALL], cut: 120 },
      fallback: { text: '', toolCall: [OTHER_CALL] },
    },
    checks: [wholeArguments],
  },
];

/** Reasons for an end that are not true. */
export const TOOL_CALLS: readonly FailureCase[] = [
  {
    id: 'X24.length',
    title: 'length, and no token',
    wall: 20,
    expected: '',
    faults: { primary: { text: '', finish: 'length' } },
    checks: [
      required('the client learns of the limit', ({ answers }) =>
        answers.every((answer) => answer.outcome !== 'complete' || answer.finishReason === 'length'),
      ),
    ],
  },
];
