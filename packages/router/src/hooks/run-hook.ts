import { type ModelRequest, type ModelResponse, RouterError } from '@signalbox/core';
import type { HookContext, Hooks } from './hooks.ts';

/** The hooks with their limits: each answers what goes on, or throws RouterError. */
export interface BoundedHooks {
  request(request: ModelRequest, context: HookContext): Promise<ModelRequest>;
  text(text: string, context: HookContext): Promise<string>;
  response(response: ModelResponse, context: HookContext): Promise<ModelResponse>;
}

const TIMEOUT_MS = 2_000;

/** Puts time and failure limits around hooks. A refusal is RouterError `invalid-request`, a failure that is not passed over `internal`. */
export function boundHooks(hooks: Hooks): BoundedHooks {
  const { timeoutMs = TIMEOUT_MS, onFailure = 'refuse', onFault } = hooks;

  async function run(name: string, work: () => unknown): Promise<Readonly<Record<string, unknown>> | string> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Late(`took longer than ${timeoutMs / 1_000} s`)), timeoutMs);
      });
      const verdict = await Promise.race([work(), late]);
      if (verdict === undefined || verdict === null) return {};
      if (typeof verdict === 'string' || typeof verdict === 'object') return verdict as Record<string, unknown>;
      throw new Late(`answered with a ${typeof verdict}`);
    } catch (error) {
      // Not its words: they may quote what was said.
      const why = error instanceof Late ? error.message : `threw ${error instanceof Error ? error.name : 'something'}`;
      onFault?.(`The hook ${name} ${why}.`);
      if (onFailure === 'pass') return {};
      throw new RouterError({ kind: 'internal', message: `The hook ${name} ${why}: nothing passes without it.` });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async request(request, context) {
      const verdict = await run('onRequest', () => hooks.onRequest?.(request, context));
      if (typeof verdict === 'string') return request;
      refuseIfSaid(verdict);
      return (verdict.request as ModelRequest | undefined) ?? request;
    },
    async text(text, context) {
      const verdict = await run('onText', () => hooks.onText?.(text, context));
      if (typeof verdict === 'string') return verdict;
      refuseIfSaid(verdict);
      return text;
    },
    async response(response, context) {
      const verdict = await run('onResponse', () => hooks.onResponse?.(response, context));
      if (typeof verdict === 'string') return response;
      refuseIfSaid(verdict);
      return (verdict.response as ModelResponse | undefined) ?? response;
    },
  };
}

class Late extends Error {}

function refuseIfSaid({ refuse }: Readonly<Record<string, unknown>>): void {
  if (refuse === undefined) return;
  throw new RouterError({ kind: 'invalid-request', message: String(refuse) });
}
