import { foreignFields } from './extensions.ts';
import type { Extensions } from './part.ts';
import type { TranslationNote } from './translation-note.ts';

/** Gathers what became of a request's fields in another format. */
export interface NoteList {
  readonly notes: readonly TranslationNote[];
  mapped(field: string, reason: string): void;
  approximated(field: string, reason: string): void;
  dropped(field: string, reason: string): void;
  /** Reports the fields at one place that only another format knows. `field` is `''` for those of the request. */
  foreign(field: string, extensions: Extensions | undefined): void;
}

/**
 * An empty list for the encoder of one format.
 *
 * @example
 * ```ts
 * const list = createNoteList('gemini');
 * list.approximated('reasoning.effort', '"xhigh" is sent as HIGH');
 * list.notes; // [{ field: 'reasoning.effort', action: 'approximated', reason: '"xhigh" is sent as HIGH' }]
 * ```
 */
export function createNoteList(format: string): NoteList {
  const notes: TranslationNote[] = [];
  const add = (action: TranslationNote['action']) => (field: string, reason: string) =>
    void notes.push({ field, action, reason });
  const dropped = add('dropped');
  return {
    notes,
    mapped: add('mapped'),
    approximated: add('approximated'),
    dropped,
    foreign(field, extensions) {
      for (const { format: owner, key } of foreignFields(extensions, format)) {
        const place = `extensions.${owner}.${key}`;
        dropped(field === '' ? place : `${field}.${place}`, `only ${owner} has this field`);
      }
    },
  };
}
