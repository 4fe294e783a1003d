import { asArray, asObject, asString, entryOf, type JsonObject } from '@signalbox/core';

// Beta names are those of the type `AnthropicBeta` in @anthropic-ai/sdk 1.12.0, but for `request-tags`, which is from
// the protocol description that Anthropic's gateway serves.

/** Request fields that only a beta takes. */
const FIELD_BETAS: readonly (readonly [field: string, beta: string])[] = [
  ['context_management', 'context-management-2025-06-27'],
  ['diagnostics', 'cache-diagnosis-2026-04-07'],
  ['fallbacks', 'server-side-fallback-2026-07-01'],
  ['speed', 'fast-mode-2026-02-01'],
  ['tags', 'request-tags-2026-08-21'],
  ['thread', 'message-threads-2026-08-12'],
];

/** Tools that only a beta takes, by their `type`. */
const TOOL_BETAS: Readonly<Record<string, string>> = {
  advisor_20260301: 'advisor-tool-2026-03-01',
  code_execution_20250522: 'code-execution-2025-05-22',
  computer_20241022: 'computer-use-2024-10-22',
  computer_20250124: 'computer-use-2025-01-24',
  computer_20251124: 'computer-use-2025-11-24',
};

/** The betas that a request's fields need, sorted. */
export function neededBetas(body: JsonObject): string[] {
  const betas = new Set<string>();
  for (const [field, beta] of FIELD_BETAS) {
    if (body[field] !== undefined) betas.add(beta);
  }
  const edits = asArray(asObject(body.context_management)?.edits);
  if (edits.some((edit) => asString(asObject(edit)?.type)?.startsWith('compact_'))) betas.add('compact-2026-01-12');
  if (asObject(body.output_config)?.task_budget !== undefined) betas.add('task-budgets-2026-03-13');
  if (asObject(body.container)?.skills !== undefined) betas.add('skills-2025-10-02');
  const tools = asArray(body.tools).map((tool) => asString(asObject(tool)?.type) ?? '');
  for (const type of tools) {
    const beta = entryOf(TOOL_BETAS, type);
    if (beta !== undefined) betas.add(beta);
  }
  if (body.mcp_servers !== undefined) {
    betas.add(tools.includes('mcp_toolset') ? 'mcp-client-2025-11-20' : 'mcp-client-2025-04-04');
  }
  for (const message of asArray(body.messages)) addMessageBetas(asObject(message), betas);
  return [...betas].sort();
}

function addMessageBetas(message: JsonObject | undefined, betas: Set<string>): void {
  if (message?.output_config !== undefined) betas.add('mid-conversation-output-config-2026-07-01');
  if (message?.clear_at !== undefined) betas.add('mid-conversation-system-clear-at-2026-08-21');
  for (const value of asArray(message?.content)) {
    const block = asObject(value);
    if (block?.type === 'tool_addition' || block?.type === 'tool_removal') {
      betas.add('mid-conversation-tool-changes-2026-07-01');
    }
    if (block?.type === 'container_upload' || asObject(block?.source)?.type === 'file') {
      betas.add('files-api-2025-04-14');
    }
  }
}
