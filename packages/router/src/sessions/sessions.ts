import {
  type Attempt,
  type Candidate,
  instructionOf,
  type ModelRequest,
  type PromptCacheTerms,
  type WarmCache,
} from '@signalbox/core';
import type { PromptCaches } from './session-costs.ts';

/** What is known of a session's prompt cache at the model that answered last. */
interface Warmth {
  readonly candidate: string;
  /** Tokens that the next prompt is expected to begin with. */
  readonly tokens: number;
  /** Unix milliseconds. */
  readonly until: number;
}

/** Remembers where the prompt cache of each session is. In memory, bounded. */
export interface Sessions {
  /** The cache that a request of a session would find, if any. */
  warm(session: string, now: number): WarmCache | undefined;
  /** A request of a session was answered. `terms`: of the model's provider. */
  answered(session: string, attempt: Attempt, facts: Candidate['facts'], terms: PromptCacheTerms | undefined): void;
}

/** Sessions that are remembered; the longest unused are forgotten first. */
const CAPACITY = 10_000;

/** Remembers in memory where the prompt of each session is cached, as long as the provider keeps it. */
export function createSessions(): Sessions {
  const sessions = new Map<string, Warmth>();
  return {
    warm(session, now) {
      const found = sessions.get(session);
      return found === undefined || found.until <= now
        ? undefined
        : { candidate: found.candidate, tokens: found.tokens };
    },
    answered(session, attempt, facts, terms) {
      if (attempt.outcome !== 'success' || attempt.lane === 'cache' || terms === undefined) return;
      const cached = cachedTokens(attempt, terms);
      sessions.delete(session);
      if (cached === 0 || cached < (facts.cacheMinTokens ?? terms.minTokens)) return;
      const hour = (attempt.usage?.cacheWrite1hTokens ?? 0) > 0;
      const ttl = hour ? (terms.longTtlMs ?? terms.ttlMs) : terms.ttlMs;
      const until = attempt.startedAt + attempt.durationMs + ttl;
      sessions.set(session, { candidate: attempt.candidate, tokens: cached, until });
      const [oldest] = sessions.keys();
      if (sessions.size > CAPACITY && oldest !== undefined) sessions.delete(oldest);
    },
  };
}

/** Notes at each answer where the prompt cache of a conversation is; `undefined` where nobody wants to know. */
export function warming(
  conversation: string | undefined,
  sessions: Sessions | undefined,
  promptCaches: PromptCaches | undefined,
): ((candidate: Candidate, attempt: Attempt) => void) | undefined {
  if (sessions === undefined || conversation === undefined) return undefined;
  return ({ facts }, attempt) => sessions.answered(conversation, attempt, facts, promptCaches?.(facts));
}

/** What the provider says it read and wrote; where it caches unasked and says nothing yet, the whole prompt. */
function cachedTokens({ usage }: Attempt, terms: PromptCacheTerms): number {
  if (usage === undefined) return 0;
  const told = (usage.cacheReadTokens ?? 0) + (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0);
  return terms.unasked ? Math.max(told, usage.inputTokens) : told;
}

/** Characters of a conversation's beginning that tell it from others of the same session: a sub-agent has another system prompt. */
const BEGINNING = 400;

/**
 * The name of a conversation: the session that the caller names, and how its system prompt begins, or its first message where it has none; `undefined` without a session.
 */
export function conversationOf(
  caller: { readonly tenant: string; readonly key?: string | undefined; readonly session?: string | undefined },
  request: ModelRequest,
): string | undefined {
  if (caller.session === undefined || caller.session === '') return undefined;
  const [first] = request.messages[0]?.parts ?? [];
  const beginning = beginningOf(request.system) || (first?.type === 'text' ? first.text : '');
  const { tenant, key, session } = caller;
  return JSON.stringify([tenant, key, session, hashOf(beginning.slice(0, BEGINNING))]);
}

/** As many texts as it takes: a client may put a line about itself first, which its sub-agents write as well. */
function beginningOf(system: ModelRequest['system']): string {
  let beginning = '';
  for (const part of system) {
    beginning += instructionOf(part)?.text ?? '';
    if (beginning.length >= BEGINNING) break;
  }
  return beginning;
}

/** FNV-1a, 32 bits: a name, no secret. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
