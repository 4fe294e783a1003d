import type { Extensions, TranslationNote } from '@signalbox/core';
import { FORMAT_ID } from './format-id.ts';

/** Gathers what could not be carried over as it was. */
export interface Notes {
  add(field: string, action: TranslationNote['action'], reason: string): void;
  /** Reports the fields of other formats, which stay behind. `field` is `''` for those of the request. */
  foreign(field: string, extensions: Extensions | undefined): void;
  readonly list: readonly TranslationNote[];
}

/** An empty list of notes. */
export function createNotes(): Notes {
  const list: TranslationNote[] = [];
  return {
    list,
    add(field, action, reason) {
      list.push({ field, action, reason });
    },
    foreign(field, extensions) {
      if (extensions === undefined) return;
      for (const [format, fields] of Object.entries(extensions)) {
        if (format === FORMAT_ID) continue;
        const names = Object.keys(fields);
        if (names.length === 0) continue;
        const place = `extensions.${format}`;
        list.push({
          field: field === '' ? place : `${field}.${place}`,
          action: 'dropped',
          reason: `fields of another format: ${names.join(', ')}`,
        });
      }
    },
  };
}
