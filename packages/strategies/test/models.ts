import type { Candidate, Complexity, TaskProfile, TaskType } from '@signalbox/core';
import { candidate, snapshot } from './candidates.ts';

export const opus = candidate('anthropic/opus', 75, {}, ['anthropic.opus']);
export const sonnet = candidate('anthropic/sonnet', 15, {}, ['anthropic.sonnet']);
export const haiku = candidate('anthropic/haiku', 5, {}, ['anthropic.haiku']);
export const gpt4 = candidate('openai/gpt-4-turbo', 30, {}, ['openai.gpt4']);
export const gpt35 = candidate('openai/gpt-3.5-turbo', 1.5, {}, ['openai.gpt35']);
export const gemini = candidate('google/gemini-pro', 10, {}, ['google.pro']);
export const all = [opus, sonnet, haiku, gpt4, gpt35, gemini];

/** How good each is at work of each complexity, as if somebody had measured it. */
const QUALITY: Readonly<Record<string, Readonly<Record<Complexity, number>>>> = {
  'anthropic/opus': { low: 1, medium: 1, high: 0.92 },
  'anthropic/sonnet': { low: 1, medium: 0.98, high: 0.45 },
  'anthropic/haiku': { low: 1, medium: 0.74, high: 0.25 },
  'openai/gpt-4-turbo': { low: 1, medium: 0.86, high: 0.3 },
  'openai/gpt-3.5-turbo': { low: 0.94, medium: 0.36, high: 0.06 },
  'google/gemini-pro': { low: 1, medium: 0.97, high: 0.6 },
};

function task(type: TaskType, complexity: Complexity): TaskProfile {
  return { type, complexity, difficulty: 0.5, expectedOutputTokens: 1_000, reason: 'a test' };
}

/** A snapshot of a task: quality as above, cost for 1,000 tokens of output by price (dollars for a million, so nano-dollars). */
export function taskSnapshot(type: TaskType, complexity: Complexity, candidates: readonly Candidate[] = all) {
  const cost = new Map(candidates.map((one) => [one.id, ((one.facts.prices[0]?.output ?? 0) / 1_000_000) * 1_000]));
  const quality = new Map(candidates.map((one) => [one.id, QUALITY[one.id]?.[complexity] ?? 0.5]));
  return snapshot({ task: task(type, complexity), cost, quality });
}

export const ids = (order: readonly { candidate: { id: string } }[]) => order.map((ranked) => ranked.candidate.id);
