import { hasUsage, primaryExactly, required, totalAtMost } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

/** Streams of other formats, translated for a Chat Completions client. */
export const PROVIDER_STREAMS: readonly FailureCase[] = [
  {
    id: 'X01.usage',
    title: 'Anthropic, healthy: counts come through',
    wall: 20,
    model: 'bench-anthropic',
    faults: {},
    checks: [hasUsage(required)],
  },
  {
    id: 'X01.cut',
    title: 'Anthropic: cut before message_stop',
    wall: 40,
    model: 'bench-anthropic',
    faults: { primary: { cut: 40 } },
  },
  {
    id: 'X01.error',
    title: 'Anthropic: overloaded_error after 20 words',
    wall: 40,
    model: 'bench-anthropic',
    faults: { primary: { errorEvent: 20, error: 'overloaded' } },
  },
  {
    id: 'X01.pings',
    title: 'Anthropic: 20 words, then pings alone',
    wall: 70,
    model: 'bench-anthropic',
    faults: { primary: { stall: 20, comments: true, hold: 60_000 } },
    probe: true,
    checks: [totalAtMost(required, 45)],
  },
  {
    id: 'X02.cut',
    title: 'Gemini: cut after 40 words',
    wall: 40,
    model: 'bench-gemini',
    faults: { primary: { cut: 40 } },
  },
  {
    id: 'X02.nofinish',
    title: 'Gemini: no finishReason',
    wall: 40,
    model: 'bench-gemini',
    faults: { primary: { noFinish: true } },
    checks: [
      required(
        'no invented finish',
        ({ answers, fallback }) =>
          fallback.length > 0 ||
          answers.every((answer) => answer.outcome !== 'complete' || answer.finishReason === undefined),
      ),
    ],
  },
  {
    id: 'X02.blocked',
    title: 'Gemini: a blank candidate with SAFETY',
    wall: 20,
    model: 'bench-gemini',
    faults: { primary: { text: '', finish: 'content-filter' } },
    expected: '',
    checks: [
      primaryExactly(required, 1),
      required('the client learns of the filter', ({ answers }) =>
        answers.every((answer) => answer.outcome === 'error' || answer.finishReason === 'content_filter'),
      ),
    ],
  },
  {
    id: 'X02.length',
    title: 'Gemini: MAX_TOKENS',
    wall: 20,
    model: 'bench-gemini',
    faults: { primary: { text: 'signal1 track2', finish: 'length' } },
    expected: 'signal1 track2',
    checks: [
      required('the client learns of the limit', ({ answers }) =>
        answers.every((answer) => answer.finishReason === 'length'),
      ),
    ],
  },
  {
    id: 'X02.ollama',
    title: 'Ollama: cut after 40 words',
    wall: 40,
    model: 'bench-ollama',
    faults: { primary: { cut: 40 } },
  },
  {
    id: 'X03.cut',
    title: 'Responses: cut before response.completed',
    wall: 40,
    model: 'bench-responses',
    faults: { primary: { cut: 40 } },
  },
  {
    id: 'X03.failed',
    title: 'Responses: response.failed after 20 words',
    wall: 40,
    model: 'bench-responses',
    faults: { primary: { errorEvent: 20, error: 'overloaded' } },
  },
  {
    id: 'X03.nofinish',
    title: 'Responses: ends without response.completed',
    wall: 40,
    model: 'bench-responses',
    faults: { primary: { noFinish: true } },
  },
  {
    id: 'X03.gap',
    title: 'Responses: an event is lost, sequence_number has a gap',
    wall: 20,
    model: 'bench-responses',
    faults: { primary: { lostEvent: 20 } },
  },
  {
    id: 'X03.incomplete',
    title: 'Responses: response.incomplete, max_output_tokens',
    wall: 20,
    model: 'bench-responses',
    faults: { primary: { text: 'signal1 track2', finish: 'length' } },
    expected: 'signal1 track2',
    checks: [
      primaryExactly(required, 1),
      required('the client learns of the limit', ({ answers }) =>
        answers.every((answer) => answer.finishReason === 'length'),
      ),
    ],
  },
];
