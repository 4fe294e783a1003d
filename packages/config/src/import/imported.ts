/** Whose configurations can be imported. */
export const IMPORT_SOURCES = ['claude-code-router', 'litellm', 'portkey'] as const;
/** A program whose configuration can be read. */
export type ImportSource = (typeof IMPORT_SOURCES)[number];

/** A provider that Signalbox knows by name. */
export interface KnownProvider {
  /** What stands under `providers`. */
  readonly name: string;
  /** Base address; `''`: it has none of its own. */
  readonly endpoint: string;
  /** The variable that usually holds its key; absent: it needs none. */
  readonly keyVariable?: string | undefined;
  readonly local: boolean;
}

/** Something of a foreign configuration that has no equal here. */
export interface ImportNote {
  /** The key as the foreign file spells it, `router_settings.cooldown_time`. */
  readonly key: string;
  /** `left out`: nothing of it is in the result. `changed`: something like it is. */
  readonly outcome: 'left out' | 'changed';
  /** One clause: why, and what there is instead. */
  readonly reason: string;
}

/** One block of `providers`, as it is written. */
export interface DraftProvider {
  /** What stands under `providers`. */
  readonly name: string;
  type?: string | undefined;
  endpoint?: string | undefined;
  /** Variables that hold its keys. */
  readonly keyVariables: Set<string>;
  headers?: Record<string, string> | undefined;
  /** By name, in the order in which they came; `undefined`: nothing is said of the model but its name. */
  readonly models: Map<string, Record<string, unknown> | undefined>;
  /** All models of the provider may be used, whichever are listed. */
  everyModel?: boolean | undefined;
  default?: string | undefined;
}

/** A configuration of ours in the making. */
export interface Draft {
  /** Who can be named without an address. */
  readonly known: readonly KnownProvider[];
  readonly providers: Map<string, DraftProvider>;
  /** The rest of the file, in our own spelling, section by section. */
  readonly sections: Record<string, unknown>;
  readonly notes: ImportNote[];
  /** Keys that stood in the file as they are, by the variable that is to hold them. */
  readonly secrets: Map<string, string>;
}
