import { hash } from 'node:crypto';
import type { Needs, TaskProfile } from '@signalbox/core';

/** What a profile depends on beside the prompt: what is attached, and how the answer is wanted. */
type AttachedNeeds = Pick<Needs, 'vision' | 'jsonSchema'>;

interface Entry {
  readonly digest: string;
  readonly vision: boolean;
  readonly jsonSchema: boolean;
  readonly profile: TaskProfile;
}

/** Conversations that go on at the same time. */
const KEPT = 8;
/** A longer prompt is analysed again: its hash would take a good part of what it spares. */
const LONGEST = 16_384;

/**
 * The profiles of the last prompts. An agent sends its conversation again with each result of a tool, and what its user said stays the same: the steps of a turn have one
 * profile. Of prompts no more is kept than their SHA-256.
 */
export class RecentProfiles {
  readonly #entries: Entry[] = [];
  #oldest = 0;

  /** The profile of a prompt, made by `analyse` where it is none of the last ones. */
  of(prompt: string, { vision, jsonSchema }: AttachedNeeds, analyse: () => TaskProfile): TaskProfile {
    // Halves of characters are all the same to the hash.
    if (prompt.length > LONGEST || !prompt.isWellFormed()) return analyse();
    const digest = hash('sha256', prompt, 'base64');
    for (const entry of this.#entries) {
      if (entry.digest === digest && entry.vision === vision && entry.jsonSchema === jsonSchema) return entry.profile;
    }
    const profile = analyse();
    this.#entries[this.#oldest] = { digest, vision, jsonSchema, profile };
    this.#oldest = (this.#oldest + 1) % KEPT;
    return profile;
  }
}
