import type { JsonObject } from './json.ts';
import type { Capabilities } from './model-facts.ts';
import type { TranslationNote } from './translation-note.ts';

/** What deviates from a format's rules at one endpoint. Data: a codec looks keys up, it does not know vendors. */
export type Quirks = Readonly<Record<string, boolean | number | string>>;

/** What a client codec knows beside the request: the target, its quirks and its limits. */
export interface EncodeContext {
  /** The model id to send. */
  readonly model: string;
  readonly stream: boolean;
  /** The provider's id: whose `providerOptions` and whose reasoning signatures go along. */
  readonly provider: string;
  readonly quirks: Quirks;
  /** What the model can do, where known. */
  readonly capabilities?: Capabilities | undefined;
  /** Tokens of output at most, from the catalogue: for formats that need a limit. */
  readonly maxOutput?: number | undefined;
  /** Effort words that the model takes, from the catalogue. */
  readonly reasoningEfforts?: readonly string[] | undefined;
  /** Bounds of a thinking budget, from the catalogue; absent where the model takes none or nobody knows. */
  readonly reasoningBudget?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined;
}

/** A request in a provider's own words. */
export interface EncodedRequest {
  /** Path below the endpoint's base, e.g. `/messages`. */
  readonly path: string;
  /** Headers of the format itself (versions, betas); authentication is the provider's. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** What could not be carried over as it was. */
  readonly notes: readonly TranslationNote[];
  /**
   * Stop sequences that the body does not name, because the format or the model takes none or not so many. The router cuts the answer where one of
   * them would have ended it; the note on them is `approximated`. Absent: there are none.
   */
  readonly cutAt?: readonly string[] | undefined;
}
