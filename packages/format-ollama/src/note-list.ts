import type { Extensions, TranslationNote } from '@signalbox/core';
import { OLLAMA_CHAT } from './ollama-id.ts';

/** Gathers what became of a request's fields. */
export interface NoteList {
  readonly notes: readonly TranslationNote[];
  mapped(field: string, reason: string): void;
  approximated(field: string, reason: string): void;
  dropped(field: string, reason: string): void;
  /** Reports the fields that only another format knows. */
  foreign(field: string, extensions: Extensions | undefined): void;
}

export function createNoteList(): NoteList {
  const notes: TranslationNote[] = [];
  const dropped = (field: string, reason: string): void => void notes.push({ field, action: 'dropped', reason });
  return {
    notes,
    dropped,
    mapped: (field, reason) => void notes.push({ field, action: 'mapped', reason }),
    approximated: (field, reason) => void notes.push({ field, action: 'approximated', reason }),
    foreign(field, extensions) {
      if (extensions === undefined) return;
      for (const [format, fields] of Object.entries(extensions)) {
        if (format === OLLAMA_CHAT) continue;
        for (const name of Object.keys(fields)) {
          const place = `extensions.${format}.${name}`;
          dropped(field === '' ? place : `${field}.${place}`, `only ${format} has this field`);
        }
      }
    },
  };
}
