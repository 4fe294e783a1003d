import { advisory, modelContains, required, totalAtMost } from '../checks.ts';
import type { ClientView } from '../client-view.ts';
import type { FailureCase, Stage } from '../failure-case.ts';

const REAL_TIME = "the connect's own bound runs in real time";

async function sendThreeTimes(stage: Stage): Promise<readonly ClientView[]> {
  const answers: ClientView[] = [];
  while (answers.length < 3) answers.push(await stage.send());
  return answers;
}

/** Connections that can't be made, that lead elsewhere, or that are not what they say. */
export const CONNECTIONS: readonly FailureCase[] = [
  {
    id: 'X12.unknown',
    title: 'a host that does not exist',
    wall: 40,
    model: 'bench-nowhere',
    faults: {},
    fullOnly: 'the resolver runs in real time',
    checks: [totalAtMost(required, 15)],
  },
  {
    id: 'X12.slow',
    title: 'a name server that takes a minute',
    wall: 60,
    model: 'bench-slow',
    faults: {},
    fullOnly: REAL_TIME,
    checks: [totalAtMost(required, 25), totalAtMost(advisory, 10)],
  },
  {
    id: 'X12.failing',
    title: 'a name server that fails (SERVFAIL)',
    wall: 40,
    model: 'bench-failing',
    faults: {},
    checks: [totalAtMost(required, 15)],
  },
  {
    id: 'X12.moving',
    title: 'an address changes: the old one is dead',
    wall: 40,
    model: 'bench-moving',
    faults: {},
    play: sendThreeTimes,
    checks: [totalAtMost(required, 15), modelContains(required, 'bench-primary')],
  },
  {
    id: 'X12.ipv6',
    title: 'a name whose IPv6 address is dead',
    wall: 40,
    model: 'bench-dead-ipv6',
    faults: {},
    checks: [totalAtMost(required, 15), modelContains(required, 'bench-primary')],
  },
  {
    id: 'X13.stall',
    title: 'TLS: the handshake never comes',
    wall: 60,
    model: 'bench-silenttls',
    faults: {},
    fullOnly: REAL_TIME,
    checks: [totalAtMost(required, 25), totalAtMost(advisory, 10)],
  },
  {
    id: 'X13.unsigned',
    title: 'TLS: a certificate that nobody signed',
    wall: 30,
    model: 'bench-selfsigned',
    faults: {},
    checks: [totalAtMost(required, 10)],
  },
  {
    id: 'X14.refused',
    title: 'connection refused',
    wall: 30,
    model: 'bench-refused',
    faults: {},
    checks: [totalAtMost(required, 10)],
  },
  {
    id: 'X14.blackhole',
    title: 'nobody answers the connect',
    wall: 60,
    model: 'bench-blackhole',
    faults: {},
    fullOnly: REAL_TIME,
    checks: [totalAtMost(required, 25), totalAtMost(advisory, 10)],
  },
  {
    id: 'X15',
    title: 'kept connections are reset when used again',
    wall: 20,
    faults: { primary: { resetReused: true } },
    play: sendThreeTimes,
    checks: [modelContains(advisory, 'bench-primary')],
  },
  {
    id: 'X22.close',
    title: 'a body that ends with the connection',
    wall: 20,
    faults: { primary: { closeDelimited: true } },
    checks: [modelContains(advisory, 'bench-primary')],
  },
  {
    id: 'X19',
    title: '20 words, then the peer is gone without a sign',
    wall: 130,
    faults: { primary: { stall: 20 } },
    probe: true,
    checks: [totalAtMost(required, 45)],
  },
  {
    id: 'X21',
    title: '307 to another origin',
    wall: 20,
    // Another name of the same machine is another origin.
    faults: ({ url }) => ({
      primary: ({ path }) =>
        path.startsWith('/elsewhere/')
          ? {}
          : { status: 307, location: `${url.replace('127.0.0.1', 'localhost')}/elsewhere/v1/chat/completions` },
    }),
    checks: [
      required('nobody follows it with a key', ({ primary }) =>
        primary.every((attempt) => attempt.provider !== 'elsewhere'),
      ),
    ],
  },
  {
    id: 'X22.long',
    title: 'content-length larger than the body',
    wall: 40,
    faults: { primary: { contentLength: 1_000_000, closeDelimited: true } },
  },
  {
    id: 'X22.short',
    title: 'content-length smaller than the body',
    wall: 40,
    faults: { primary: { contentLength: 2_000 } },
    probe: true,
  },
  {
    id: 'X22.chunk',
    title: 'a chunk without a size after 20 words',
    wall: 40,
    faults: { primary: { badChunk: 20 } },
  },
  {
    id: 'X22.closecut',
    title: 'a body that ends with the connection, too soon',
    wall: 40,
    faults: { primary: { closeDelimited: true, cut: 40 } },
  },
];
