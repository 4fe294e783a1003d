import type { Candidate, Inbound, ModelRequest, Removal } from '@signalbox/core';
import { encodeFor } from './canonical-lane.ts';
import type { Lane } from './lane.ts';

/**
 * Why a request can't be translated for a candidate. Decoding it here makes a bad request the caller's error, known before any attempt; the
 * byte lane leaves that judgement to the provider.
 */
export function whyNotCanonical<Value>(
  candidate: Candidate,
  lane: Lane<Value>,
  context: { readonly inbound: Inbound; readonly strict: boolean },
): Removal | undefined {
  if (lane.name === 'bytes') return undefined;
  if (candidate.provider.callerCredentials === true) {
    // A login is good for what its own client writes, and for that as it stands.
    const reason = "is called with the caller's own credential, and this request could not go there as it came";
    return { candidate: candidate.id, kind: 'translation', reason };
  }
  const request = context.inbound.request();
  return keptElsewhere(candidate, request) ?? (context.strict ? whatIsLost(candidate, request) : undefined);
}

/** Fields that lean on nothing yet, and ask for what others can't do. */
const NOTHING_KEPT_YET: Readonly<Record<string, string | undefined>> = {
  background: 'makes an answer after its call',
  thread: 'keeps a conversation',
  'input.compaction_trigger': 'compacts a conversation',
};

/** Why a candidate can't go on from state that another provider keeps. */
function keptElsewhere(candidate: Candidate, { serverState }: ModelRequest): Removal | undefined {
  if (serverState === undefined || serverState.format === candidate.provider.format.id) return undefined;
  const { parameter, format } = serverState;
  const why = NOTHING_KEPT_YET[parameter];
  const reason =
    why === undefined
      ? `${parameter} refers to what a provider of the format ${format} keeps: send the conversation itself`
      : `${parameter}: only a provider of the format ${format} ${why}: ask without it`;
  return { candidate: candidate.id, kind: 'server-state', reason, parameter };
}

/** Why a candidate can't answer a request that must not lose anything. */
function whatIsLost(candidate: Candidate, request: ModelRequest): Removal | undefined {
  const { notes } = encodeFor(candidate, request, request.stream ?? false);
  const lost = notes.filter((note) => note.action === 'dropped').map((note) => `${note.field} (${note.reason})`);
  if (lost.length === 0) return undefined;
  return { candidate: candidate.id, kind: 'translation', reason: `strict: it would lose ${lost.join(', ')}` };
}
