import type { OpaqueTool, Tool, ToolChoice } from './model-request.ts';

/**
 * The tool that a choice names, where its provider runs it (as Anthropic's web search: `{type: 'tool', name: 'web_search'}`). Another format has no
 * function of that name, and refuses a choice of one. Undefined for every other choice.
 *
 * ```ts
 * serverToolChoice({ type: 'tool', name: 'web_search' }, [{ type: 'opaque', format: 'anthropic-messages', value: { name: 'web_search' } }]);
 * ```
 */
export function serverToolChoice(choice: ToolChoice | undefined, tools: readonly Tool[]): OpaqueTool | undefined {
  if (choice?.type !== 'tool') return undefined;
  if (tools.some((tool) => tool.type !== 'opaque' && tool.name === choice.name)) return undefined;
  return tools.find((tool): tool is OpaqueTool => tool.type === 'opaque' && tool.value.name === choice.name);
}
