import type { DatabaseSync } from 'node:sqlite';

/** One step of a schema: what brings a file from version `to - 1` to `to`. A step that was released is never changed. */
export interface Migration {
  readonly to: number;
  readonly sql: string;
}

/** What one kind of our files holds. */
export interface Schema {
  /** What such a file is, for sentences: `a ledger`. */
  readonly what: string;
  /** Marks a file as one of this kind (`PRAGMA application_id`). */
  readonly applicationId: number;
  /** In their order. */
  readonly migrations: readonly Migration[];
  /** Defines the functions that the schema's SQL uses. */
  readonly define?: ((database: DatabaseSync) => void) | undefined;
}

/** The newest version that this program knows. */
export function newestVersion({ migrations }: Schema): number {
  return migrations.at(-1)?.to ?? 0;
}
