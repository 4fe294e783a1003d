/** Where a peer is started: everything it needs to know to be put between a client and the provider. */
export interface PeerPlace {
  /** What was installed lies here. */
  readonly cache: string;
  /** A folder of its own, empty at first, and its home. */
  readonly folder: string;
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** The provider's origin. */
  readonly upstream: string;
}

/** How a peer is started, and what its callers send besides the body. */
export interface Launch {
  readonly command: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A program between a client and a provider, as data. */
export interface Peer {
  readonly name: string;
  /** What it is, for the table's legend: version and where it comes from. */
  readonly about: string;
  /** Puts it into the cache unless it is there. Throws with a sentence where it can't be had. */
  install?(cache: string): void;
  /** Writes its configuration into its folder. */
  launch(place: PeerPlace): Launch;
  /** Paths of the APIs in which it can be asked, where it has a way from there to Chat Completions. */
  readonly paths: { readonly chat?: string; readonly messages?: string };
  /** The model to ask it for, where it wants another name than the rest. */
  readonly model?: string;
}

/** The model that all are asked for. */
export const MODEL = 'gpt-4o-mini';
/** The provider's key. */
export const PROVIDER_KEY = 'sk-of-the-provider';
