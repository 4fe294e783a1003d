import type { Candidate } from '@signalbox/core';

/** How fast a family of models usually is. Priors: what is measured takes their place. */
export interface SpeedRow {
  /** Of the model's id, matched anywhere in it. */
  readonly model: RegExp;
  /** Milliseconds to the first token. */
  readonly firstTokenMs: number;
  readonly tokensPerSecond: number;
}

/**
 * Asked in this order, the first that matches wins. Orders of magnitude by size and habit (small models first, models that think
 * last), written down by hand; no vendor's figure.
 */
export const SPEED_TABLE: readonly SpeedRow[] = [
  { model: /flash-lite|nano|-8b|haiku-3|3-haiku|instant/, firstTokenMs: 400, tokensPerSecond: 180 },
  { model: /flash/, firstTokenMs: 500, tokensPerSecond: 160 },
  { model: /haiku/, firstTokenMs: 600, tokensPerSecond: 130 },
  { model: /gpt-3\.5/, firstTokenMs: 650, tokensPerSecond: 110 },
  { model: /o[134]-mini|o[134](?![a-z0-9])|reasoner|-r1|thinking/, firstTokenMs: 8_000, tokensPerSecond: 80 },
  { model: /mini|small|lite/, firstTokenMs: 700, tokensPerSecond: 100 },
  { model: /gpt-4-turbo/, firstTokenMs: 1_100, tokensPerSecond: 45 },
  { model: /gpt-4o|gpt-4\.1/, firstTokenMs: 800, tokensPerSecond: 90 },
  { model: /gpt-4/, firstTokenMs: 1_200, tokensPerSecond: 35 },
  { model: /sonnet/, firstTokenMs: 1_100, tokensPerSecond: 75 },
  { model: /opus/, firstTokenMs: 1_800, tokensPerSecond: 50 },
  { model: /gemini.*(?:pro|ultra)/, firstTokenMs: 2_500, tokensPerSecond: 100 },
];

const UNKNOWN_CLOUD: Omit<SpeedRow, 'model'> = { firstTokenMs: 1_000, tokensPerSecond: 70 };
/** A model on one's own machine. */
const UNKNOWN_LOCAL: Omit<SpeedRow, 'model'> = { firstTokenMs: 1_500, tokensPerSecond: 30 };

const known = new WeakMap<Candidate, Omit<SpeedRow, 'model'>>();

/** How fast a candidate is before anything was measured. */
export function usualSpeed(candidate: Candidate): Omit<SpeedRow, 'model'> {
  let speed = known.get(candidate);
  if (speed === undefined) {
    const row = SPEED_TABLE.find(({ model }) => model.test(candidate.facts.id));
    speed = row ?? (candidate.provider.local ? UNKNOWN_LOCAL : UNKNOWN_CLOUD);
    known.set(candidate, speed);
  }
  return speed;
}
