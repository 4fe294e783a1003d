import { estimateTokens, type Inbound, type ModelResponse, type Needs, requestText, type Usage } from '@signalbox/core';
import { measureNeeds } from '../request/measure-needs.ts';

/** What the input of a call can be estimated from. */
export interface CallSize {
  readonly inbound: Inbound;
  /** As they were measured for the decision. */
  readonly needs: Needs | undefined;
  readonly lane: 'bytes' | 'canonical';
}

/**
 * Usage as a provider reported it; what is missing of it, or is no count at all, is estimated from the request and from the `output`, and the
 * whole is marked so. Never below zero, never NaN.
 */
export function completeUsage(reported: Usage | undefined, size: CallSize, output: () => string): Usage {
  const known = soundUsage(reported);
  if (known !== undefined && known.provenance !== 'estimated') return known;
  return {
    ...known,
    inputTokens: known === undefined || known.inputTokens === 0 ? estimatedInput(size) : known.inputTokens,
    outputTokens: Math.max(known?.outputTokens ?? 0, estimateTokens(output())),
    provenance: 'estimated',
  };
}

/** Usage whose figures are counts; a total that is none is zero and makes the whole an estimate. */
export function soundUsage(usage: Usage | undefined): Usage | undefined {
  if (usage === undefined) return undefined;
  if (isSound(usage)) return usage;
  const bad = Object.entries(usage).filter(([, value]) => typeof value === 'number' && !isCount(value));
  const others = Object.fromEntries(Object.entries(usage).filter((entry) => !bad.some(([key]) => key === entry[0])));
  return { inputTokens: 0, outputTokens: 0, ...others, provenance: 'estimated' };
}

const isCount = (value: number): boolean => value >= 0 && value < 1e15;

function isSound(usage: Usage): boolean {
  for (const name in usage) {
    const value = usage[name as keyof Usage];
    if (typeof value === 'number' && !isCount(value)) return false;
  }
  return true;
}

/** All that a whole answer has taken to generate. */
export function outputOf({ parts, others = [] }: ModelResponse): string {
  return [parts, ...others.map((other) => other.parts)]
    .flat()
    .map((part) => ('text' in part ? part.text : part.type === 'tool-call' ? part.name + part.arguments : ''))
    .join('');
}

/** The input: as it was measured for the decision, else from the request, or from its bytes where nobody decoded it. */
function estimatedInput({ needs, inbound, lane }: CallSize): number {
  if (needs !== undefined) return needs.inputTokens;
  if (lane === 'canonical' || inbound.wire === undefined) return measureNeeds(inbound.request()).inputTokens;
  return estimateTokens(requestText(inbound.wire.body));
}
