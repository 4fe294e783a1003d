import type { Caller, ModelRequest, ModelResponse } from '@signalbox/core';

/** What a hook knows beside the text. Plain values: a hook may run in another process. */
export interface HookContext {
  readonly caller: Pick<Caller, 'tenant' | 'user' | 'key' | 'session' | 'tags'>;
  /** The wire format's id; absent where a program asks. */
  readonly api?: string | undefined;
  readonly stream: boolean;
  /** The model that the request names. */
  readonly model?: string | undefined;
  /** Of an answer: who gives it, `provider/model id`. */
  readonly candidate?: string | undefined;
}

/** The request or answer goes no further; the sentence is shown to the caller. */
export interface HookRefusal {
  readonly refuse: string;
}

type Soon<Value> = Value | Promise<Value>;
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing lets pass
type Nothing = undefined | null | void;

/**
 * What a house rule has to say of requests and answers. Each function is optional, may be asynchronous, and lets pass by returning nothing.
 *
 * @example
 * ```ts
 * const hooks: Hooks = {
 *   onRequest: (request, { caller }) => (caller.user === undefined ? { refuse: 'Say who you are.' } : undefined),
 *   onText: (text) => text.replaceAll('Project Heron', '[project]'),
 * };
 * const router = createRouter({ providers, hooks });
 * ```
 */
export interface Hooks {
  /** Before anything is decided: passes, changes the request, or refuses it. Asked for embeddings and counts of tokens as well. */
  onRequest?(
    request: ModelRequest,
    context: HookContext,
  ): Soon<{ readonly request: ModelRequest } | HookRefusal | Nothing>;
  /**
   * The text of an answer and its reasoning: what is given instead, or a refusal. Of a stream it sees pieces that overlap, so it must say the same of the same text; a match is
   * found across pieces where it is no longer than `holdBack`. Arguments of tool calls are not among it.
   */
  onText?(text: string, context: HookContext): Soon<string | HookRefusal | Nothing>;
  /** A whole answer, behind `onText`. Of a stream it is asked before the end is said: a change comes too late there, a refusal ends it in an error. */
  onResponse?(
    response: ModelResponse,
    context: HookContext,
  ): Soon<{ readonly response: ModelResponse } | HookRefusal | Nothing>;
  /** Characters of a stream that wait until it is seen what follows. Default 256. */
  readonly holdBack?: number | undefined;
  /** Milliseconds that a hook may take. Default 2,000. */
  readonly timeoutMs?: number | undefined;
  /** What becomes of a request or answer whose hook fails or takes too long: `refuse` (default), or `pass`. */
  readonly onFailure?: 'refuse' | 'pass' | undefined;
  /** Is told in a sentence, without what was said, when a hook failed. */
  readonly onFault?: ((sentence: string) => void) | undefined;
}
