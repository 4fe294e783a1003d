import { primaryAtMost, required } from '../checks.ts';
import type { FailureCase } from '../failure-case.ts';

/** Good statuses in front of what is no answer. */
export const NOT_AN_ANSWER: readonly FailureCase[] = [
  { id: 'X05.html', title: "200 with a portal's HTML page", wall: 20, faults: { primary: { html: true } } },
  {
    id: 'X05.text',
    title: '200 with content type text/plain',
    wall: 20,
    faults: { primary: { contentType: 'text/plain' } },
  },
  { id: 'X05.empty', title: '200 without a body', wall: 20, faults: { primary: { emptyBody: true } } },
  { id: 'X05.204', title: '204', wall: 20, faults: { primary: { status: 204 } } },
  { id: 'X06.gzip', title: 'gzip that nobody asked for', wall: 20, faults: { primary: { gzip: true } } },
  { id: 'X06.cut', title: 'gzip, cut after 40 words', wall: 40, faults: { primary: { gzip: true, cut: 40 } } },
  { id: 'X06.corrupt', title: 'gzip, corrupt after 20 words', wall: 40, faults: { primary: { corruptGzip: 20 } } },
  {
    id: 'X06.lie',
    title: 'content-encoding: gzip before plain text',
    wall: 20,
    faults: { primary: { contentEncoding: 'gzip' } },
  },
  {
    id: 'X06.unknown',
    title: 'an unknown content-encoding',
    wall: 20,
    faults: { primary: { contentEncoding: 'x-snow' } },
  },
  {
    id: 'X07.body',
    title: '200 with an error as JSON',
    wall: 20,
    faults: { primary: { errorBody200: true, error: 'overloaded' } },
    checks: [primaryAtMost(required, 6)],
  },
  {
    id: 'X07.event',
    title: '200, and the first event is an error',
    wall: 20,
    faults: { primary: { errorEvent: 0, error: 'overloaded' } },
    checks: [primaryAtMost(required, 6)],
  },
];
