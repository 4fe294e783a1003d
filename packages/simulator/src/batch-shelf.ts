import type { JsonObject } from '@signalbox/core';

/** One request that was handed in with others. */
export interface ShelvedRequest {
  readonly customId: string;
  readonly url: string;
  readonly body: JsonObject;
}

/** A batch as the simulator keeps it. */
export interface ShelvedBatch {
  readonly id: string;
  readonly vendor: 'anthropic' | 'openai';
  readonly createdAt: number;
  readonly requests: readonly ShelvedRequest[];
  /** OpenAI: the file that it was made of, and the endpoint that it names. */
  readonly inputFile?: string | undefined;
  readonly endpoint?: string | undefined;
  /** OpenAI: why it is refused as a whole. */
  readonly problem?: { readonly code: string; readonly message: string; readonly line: number | null } | undefined;
  /** How often somebody asked how it stands. */
  looks: number;
  canceled: boolean;
}

/** Batches and files of one simulator. */
export interface BatchShelf {
  readonly batches: Map<string, ShelvedBatch>;
  /** Uploaded files by id. */
  readonly files: Map<string, { readonly name: string; readonly text: string; readonly createdAt: number }>;
  nextNumber(): number;
  clear(): void;
}

/** A batch is done at this look: whoever polls sees it under way once. */
const DONE_AT_LOOK = 2;

export function createBatchShelf(): BatchShelf {
  let number = 0;
  const batches: BatchShelf['batches'] = new Map();
  const files: BatchShelf['files'] = new Map();
  return {
    batches,
    files,
    nextNumber() {
      number += 1;
      return number;
    },
    clear() {
      number = 0;
      batches.clear();
      files.clear();
    },
  };
}

/** Whether its requests have been answered. */
export const isDone = (batch: ShelvedBatch): boolean => batch.canceled || batch.looks >= DONE_AT_LOOK;
