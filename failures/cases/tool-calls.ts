import { parseJson } from '../../packages/core/src/index.ts';
import { required } from '../checks.ts';
import type { Check, FailureCase } from '../failure-case.ts';

const CALL = {
  name: 'look_up',
  arguments: { station: 'Lisboa Santa Apolónia', platform: 4, at: '2026-11-22T12:00:00Z' },
};
const TOOLS = {
  tools: [
    {
      type: 'function',
      function: { name: 'look_up', description: 'Looks a train up.', parameters: { type: 'object', properties: {} } },
    },
  ],
};

const wholeArguments: Check = required('a call that is presented as right has whole arguments', ({ answers }) =>
  answers.every(
    ({ outcome, toolArguments }) =>
      outcome !== 'complete' || (toolArguments.length === 1 && parseJson(toolArguments[0] ?? '') !== undefined),
  ),
);

/** Tool calls, and reasons for an end that are not true. */
export const TOOL_CALLS: readonly FailureCase[] = [
  {
    id: 'X24.cut',
    title: 'cut inside the arguments of a tool call',
    wall: 40,
    request: TOOLS,
    expected: null,
    faults: { primary: { text: '', toolCall: [CALL], cut: 3 }, fallback: { text: '', toolCall: [CALL] } },
    checks: [wholeArguments],
  },
  {
    id: 'X24.first',
    title: 'cut before the arguments of a tool call',
    wall: 40,
    request: TOOLS,
    expected: null,
    faults: { primary: { text: '', toolCall: [CALL], cut: 0 }, fallback: { text: '', toolCall: [CALL] } },
    checks: [wholeArguments],
  },
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
