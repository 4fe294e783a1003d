import type { NoteList } from './note-list.ts';

/**
 * An output limit for a format whose least is one token. Zero is Anthropic's word for a request that only fills the prompt cache
 * (`max_tokens: 0`, wire-format reference of the Messages API); elsewhere it is an error or means no limit at all.
 */
export function leastOutput(limit: number, notes: Pick<NoteList, 'approximated'>): number {
  if (limit !== 0) return limit;
  notes.approximated(
    'maxOutputTokens',
    '0 asks Anthropic to fill its cache and write nothing: 1, the least here, was sent',
  );
  return 1;
}
