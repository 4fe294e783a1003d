import type {
  Admission,
  AdmissionRequest,
  Candidate,
  Capabilities,
  Health,
  Inbound,
  Needs,
  Removal,
  RemovalKind,
} from '@signalbox/core';
import { whyNotWithCredentials } from '../caller/caller-credentials.ts';
import { forbiddenOther, mayUse, notPermitted } from '../caller/permitted-models.ts';

/** What is asked about each candidate before it is ranked. */
export interface EligibilityContext {
  /** Absent: what the request needs was not measured, so capabilities are not asked about. */
  readonly needs: Needs | undefined;
  /** Absent: the request is gone, and whose credential it showed can't be asked any more. */
  readonly inbound: Inbound | undefined;
  readonly localOnly: boolean;
  readonly capsOutput: boolean;
  readonly now: number;
  readonly health: Health | undefined;
  readonly admission?: Admission | undefined;
  readonly admissionRequest: AdmissionRequest;
  /** Reasons that don't count this time. */
  readonly overlook?: ReadonlySet<RemovalKind> | undefined;
}

/** Tokens kept free for an answer when the caller set no limit. */
const ROOM_FOR_ANSWER = 256;

/** What a request may need, by what a model has for it, and how that is called. */
const CAPABILITIES = [
  ['tools', 'tools', 'tools'],
  ['vision', 'vision', 'vision'],
  ['pdf', 'pdf', 'documents'],
  ['audio', 'audioIn', 'audio'],
  ['jsonSchema', 'jsonSchema', 'JSON schema output'],
] as const satisfies readonly (readonly [keyof Needs, keyof Capabilities, string])[];

/** Takes out the candidates that can't answer, each with its reason. The order of the others stays. */
export function removeIneligible(
  candidates: readonly Candidate[],
  context: EligibilityContext,
): { readonly kept: readonly Candidate[]; readonly removed: readonly Removal[] } {
  const kept: Candidate[] = [];
  const removed: Removal[] = [];
  for (const candidate of candidates) {
    const removal = whyNot(candidate, context);
    if (removal === undefined) kept.push(candidate);
    else removed.push(removal);
  }
  return { kept, removed };
}

function whyNot(candidate: Candidate, context: EligibilityContext): Removal | undefined {
  const { needs, localOnly, health, admission } = context;
  const out = (kind: Removal['kind'], reason: string): Removal => ({ candidate: candidate.id, kind, reason });
  if (localOnly && !candidate.provider.local) return out('data-policy', 'the data policy allows local providers only');
  const { caller } = context.admissionRequest;
  if (!mayUse(caller, candidate)) return out('permission', notPermitted(caller));
  const other = forbiddenOther(caller, candidate, context.inbound?.head.otherModels);
  if (other !== undefined) return out('permission', `"models" names ${other}, and ${notPermitted(caller)}`);
  const withoutCredentials = context.inbound && whyNotWithCredentials(candidate, context.inbound);
  if (withoutCredentials !== undefined) return withoutCredentials;
  if (candidate.facts.type !== 'chat') return out('capability', `is no chat model (${candidate.facts.type})`);
  if (needs !== undefined) {
    const lacking = missingCapability(candidate.facts.capabilities, needs);
    if (lacking !== undefined) return out('capability', `has no ${lacking}`);
    const room = needs.maxOutputTokens ?? ROOM_FOR_ANSWER;
    const { contextWindow, maxInput, maxOutput } = candidate.facts;
    if (contextWindow !== undefined && needs.inputTokens + Math.min(room, maxOutput ?? room) > contextWindow) {
      return out(
        'context-window',
        `about ${needs.inputTokens} tokens of input don't fit its context of ${contextWindow}`,
      );
    }
    if (maxInput !== undefined && needs.inputTokens > maxInput) {
      return out('context-window', `about ${needs.inputTokens} tokens of input are more than its ${maxInput}`);
    }
    const wanted = context.capsOutput ? undefined : needs.maxOutputTokens;
    if (maxOutput !== undefined && wanted !== undefined && wanted > maxOutput) {
      return out('output-limit', `gives ${maxOutput} tokens of output at most, ${wanted} are asked for`);
    }
  }
  const counts = (removal: Removal | undefined) =>
    removal === undefined || context.overlook?.has(removal.kind) === true ? undefined : removal;
  return (
    counts(health?.unavailable(candidate, context.now)) ?? counts(admission?.check(candidate, context.admissionRequest))
  );
}

/** The first thing a request needs and a model is known not to have. What is unknown is not held against it. */
function missingCapability(capabilities: Capabilities, needs: Needs): string | undefined {
  for (const [need, capability, name] of CAPABILITIES) {
    if (needs[need] && capabilities[capability] === false) return name;
  }
  return undefined;
}
