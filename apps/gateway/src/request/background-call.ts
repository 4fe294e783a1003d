import type { Inbound, ModelRequest } from '@signalbox/core';

interface Call {
  readonly request: ModelRequest;
  readonly model: string;
  readonly userAgent: string;
}

/**
 * How agents' small calls beside a conversation look; what was observed is from November 2026 (Claude Code 2.1.330, opencode 1.18.33, Gemini CLI 0.61.0). None of them has
 * tools.
 */
const SIGNS: readonly (readonly [what: string, shows: (call: Call) => boolean])[] = [
  ["Claude Code's title of a session", ({ request }) => wantsFields(request, ['title'])],
  [
    "opencode's title of a session",
    ({ request }) => /^You are a title generator\b/.test(request.system[0]?.text ?? ''),
  ],
  [
    "Gemini CLI's judgement of how hard a prompt is",
    ({ request }) => wantsFields(request, ['complexity_reasoning', 'complexity_score']),
  ],
  [
    'a small model that Claude Code asks by itself',
    ({ model, userAgent }) => /haiku/.test(model) && /^claude-cli\//.test(userAgent),
  ],
  [
    'a small model that Gemini CLI asks by itself',
    ({ model, userAgent }) => /flash-lite/.test(model) && /^GeminiCLI/.test(userAgent),
  ],
];

/** Whether a request is one of the small calls that agents make beside a conversation: to name it, to judge a prompt. Decodes the request. */
export function isBackgroundCall(inbound: Inbound): boolean {
  const request = inbound.request();
  if ((request.tools?.length ?? 0) > 0) return false;
  const userAgent = inbound.wire?.headers['user-agent'] ?? '';
  const call = { request, model: inbound.head.model ?? '', userAgent };
  return SIGNS.some(([, shows]) => shows(call));
}

/** Whether an answer is wanted as JSON with these fields and no others. */
function wantsFields({ output }: ModelRequest, fields: readonly string[]): boolean {
  if (output?.type !== 'json-schema') return false;
  const { properties } = output.schema as { properties?: unknown };
  const found = typeof properties === 'object' && properties !== null ? Object.keys(properties).sort() : [];
  return found.length === fields.length && found.every((name, index) => name === fields[index]);
}
