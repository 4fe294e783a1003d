import { type Configuration, compileReplacement } from '@signalbox/config';
import type { ModelRequest } from '@signalbox/core';
import { createRedaction } from '@signalbox/redaction';
import type { HookContext, Hooks } from '@signalbox/router';
import { type HookModuleOptions, loadHookModule } from './hook-module.ts';

/** The hooks of a configuration; undefined where it wants none. */
export async function configuredHooks(
  { hooks: { redact = [], redactIn, patterns = {}, timeoutMs, onFailure, holdBack } }: Configuration,
  module: Pick<HookModuleOptions, 'file' | 'text'> | undefined,
  onFault: ((sentence: string) => void) | undefined,
): Promise<{ readonly hooks: Hooks; close(): Promise<void> } | undefined> {
  const replacements = Object.entries(patterns).map(([name, pattern]) =>
    compileReplacement(pattern, `[redacted:${name}]`),
  );
  const redaction =
    redact.length + replacements.length === 0
      ? undefined
      : createRedaction({ kinds: redact, replacements, in: redactIn });
  const loaded = module && (await loadHookModule({ ...module, timeoutMs }));
  if (redaction === undefined && loaded === undefined) return undefined;
  const own = loaded?.hooks ?? {};
  return {
    hooks: {
      onRequest: inTurn(redaction?.onRequest, own.onRequest),
      onText: textInTurn(redaction?.onText, own.onText),
      onResponse: own.onResponse,
      holdBack,
      timeoutMs,
      onFailure,
      onFault,
    } as Hooks,
    close: async () => loaded?.close(),
  };
}

/** What is taken out by its shape is taken out first: the module sees it no more. */
function inTurn(
  redact: ((request: ModelRequest) => { readonly request: ModelRequest } | undefined) | undefined,
  own: Hooks['onRequest'],
): Hooks['onRequest'] {
  if (redact === undefined || own === undefined) return redact ?? own;
  return async (request: ModelRequest, context: HookContext) => {
    const redacted = redact(request);
    return (await own(redacted?.request ?? request, context)) ?? redacted;
  };
}

function textInTurn(redact: ((text: string) => string) | undefined, own: Hooks['onText']): Hooks['onText'] {
  if (redact === undefined || own === undefined) return redact ?? own;
  return async (text: string, context: HookContext) => {
    const redacted = redact(text);
    return (await own(redacted, context)) ?? redacted;
  };
}
