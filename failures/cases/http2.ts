import { advisory, modelContains, required, totalAtMost } from '../checks.ts';
import type { ClientView } from '../client-view.ts';
import type { FailureCase, Stage } from '../failure-case.ts';

async function sendTwice(stage: Stage): Promise<readonly ClientView[]> {
  return [await stage.send(), await stage.send()];
}

/** What HTTP/2 adds to the ways in which a connection fails. */
export const HTTP2: readonly FailureCase[] = [
  {
    id: 'X22.h2reset',
    title: 'HTTP/2: RST_STREAM after 20 words',
    wall: 40,
    model: 'bench-h2reset',
    faults: {},
    checks: [totalAtMost(required, 15)],
  },
  {
    id: 'X22.h2refused',
    title: 'HTTP/2: the stream is refused, once',
    wall: 40,
    model: 'bench-h2refused',
    faults: {},
    checks: [totalAtMost(required, 15), modelContains(advisory, 'bench-h2')],
  },
  {
    id: 'X22.h2goaway',
    title: 'HTTP/2: GOAWAY before the stream was looked at',
    wall: 40,
    model: 'bench-h2goaway',
    faults: {},
    play: sendTwice,
    checks: [totalAtMost(required, 15), modelContains(advisory, 'bench-h2')],
  },
  {
    id: 'X22.h2drain',
    title: 'HTTP/2: GOAWAY in the middle, and the stream ends as it should',
    wall: 40,
    model: 'bench-h2drain',
    faults: {},
    play: sendTwice,
    checks: [totalAtMost(required, 15), modelContains(advisory, 'bench-h2')],
  },
  {
    id: 'X22.h2cut',
    title: 'HTTP/2: the session breaks after 40 words',
    wall: 40,
    model: 'bench-h2cut',
    faults: {},
    checks: [totalAtMost(required, 15)],
  },
  {
    id: 'X22.h2silent',
    title: 'HTTP/2: a session falls silent; the next call goes elsewhere',
    wall: 60,
    model: 'bench-h2silent',
    faults: {},
    play: sendTwice,
    checks: [totalAtMost(required, 20)],
  },
];
