import { aFunction, aListOf, type ModelRequest, type OptionRules, oneOf, requireOptions } from '@signalbox/core';
import { mapRequestText } from './map-request-text.ts';
import { REDACTION_KINDS, REDACTION_RULES, type RedactionKind, type RedactionRule } from './redaction-rules.ts';

/** What is taken out, and where. */
export interface RedactionOptions {
  /** What is taken out. Default: all kinds there are. */
  readonly kinds?: readonly RedactionKind[] | undefined;
  /** Further replacements, in this order, behind those of the kinds. They must say the same of the same text. */
  readonly replacements?: readonly ((text: string) => string)[] | undefined;
  /** Default: both. */
  readonly in?: readonly ('request' | 'answer')[] | undefined;
}

const RULES: OptionRules<RedactionOptions> = {
  kinds: aListOf(oneOf(REDACTION_KINDS), `a list of ${REDACTION_KINDS.join(', ')}`),
  replacements: aListOf(aFunction('a function from text to text'), 'a list of functions from text to text'),
  in: aListOf(oneOf(['request', 'answer']), "a list of 'request' and 'answer'"),
};

/** Hooks of a router, and what they do to a text. */
export interface Redaction {
  readonly onRequest?: (request: ModelRequest) => { readonly request: ModelRequest } | undefined;
  readonly onText?: (text: string) => string;
  redact(text: string): string;
}

/**
 * Takes secrets and personal data out of requests, before a provider sees them, and out of answers. In the place of each stands `[redacted:KIND]`. It finds what has a shape: no
 * names, no addresses, nothing inside of images. A request without any goes on as it came.
 * Throws RouterError `configuration` on a kind that there is not.
 *
 * @example
 * ```ts
 * const router = createRouter({ providers, hooks: createRedaction({ kinds: ['secrets', 'card'] }) });
 * ```
 */
export function createRedaction(options: RedactionOptions = {}): Redaction {
  requireOptions('createRedaction', options, RULES);
  const { kinds = REDACTION_KINDS, replacements = [], in: places = ['request', 'answer'] } = options;
  const rules = kinds.flatMap((kind) =>
    (REDACTION_RULES[kind] as readonly RedactionRule[]).map((rule) => ({ ...rule, mark: `[redacted:${kind}]` })),
  );

  function redact(text: string): string {
    let rest = text;
    for (const { pattern, isOne, mark } of rules) {
      rest = rest.replace(pattern, (match) => (isOne === undefined || isOne(match) ? mark : match));
    }
    for (const replace of replacements) rest = replace(rest);
    return rest;
  }

  return {
    redact,
    ...(places.includes('answer') ? { onText: redact } : {}),
    ...(places.includes('request')
      ? {
          onRequest(request: ModelRequest) {
            const changed = mapRequestText(request, redact);
            return changed === request ? undefined : { request: changed };
          },
        }
      : {}),
  };
}
