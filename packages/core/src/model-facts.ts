import type { PricePeriod } from './price.ts';

/** What a model can take and do. An absent key means unknown, never false. */
export interface Capabilities {
  readonly tools?: boolean | undefined;
  readonly parallelTools?: boolean | undefined;
  readonly vision?: boolean | undefined;
  readonly pdf?: boolean | undefined;
  readonly audioIn?: boolean | undefined;
  readonly videoIn?: boolean | undefined;
  readonly jsonSchema?: boolean | undefined;
  readonly reasoning?: boolean | undefined;
  readonly promptCache?: boolean | undefined;
  readonly webSearch?: boolean | undefined;
  /** Takes `temperature`, `top_p` and the like. */
  readonly temperature?: boolean | undefined;
  /** Goes on from a last message of the assistant's. */
  readonly prefill?: boolean | undefined;
}

/** Facts of one model of one provider: a row of the catalogue. */
export interface ModelFacts {
  /** The id that is sent to the provider. */
  readonly id: string;
  /** The provider's id. */
  readonly provider: string;
  readonly name: string;
  readonly type: 'chat' | 'embedding';
  readonly family?: string | undefined;
  /** Other ids that the provider takes for the same model. */
  readonly aliases?: readonly string[] | undefined;
  /** `active` means only that no source says otherwise. */
  readonly status: 'active' | 'deprecated' | 'retired';
  /** ISO date on which the provider stops or stopped serving it. */
  readonly retires?: string | undefined;
  readonly released?: string | undefined;
  /** Tokens of input and output together. */
  readonly contextWindow?: number | undefined;
  /** Tokens of input at most, where that is less than the context window. */
  readonly maxInput?: number | undefined;
  /** Tokens of output at most. */
  readonly maxOutput?: number | undefined;
  readonly capabilities: Capabilities;
  readonly reasoningEfforts?: readonly string[] | undefined;
  readonly reasoningBudget?: { readonly min?: number | undefined; readonly max?: number | undefined } | undefined;
  /** Tokens a prefix needs at least to be cached. */
  readonly cacheMinTokens?: number | undefined;
  /** Empty: the price is unknown, which is not the same as free. */
  readonly prices: readonly PricePeriod[];
  /** `true`: two sources agree; `false`: they disagree; absent: one source. */
  readonly priceVerified?: boolean | undefined;
  /** Keys into the catalogue's list of sources. */
  readonly sources?:
    | {
        readonly prices?: string | undefined;
        readonly limits?: string | undefined;
        readonly capabilities?: string | undefined;
        /** Fields of the prices that come from another source: `{ batch: 'curated' }`. */
        readonly filled?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
}

/** A provider's part of the catalogue, as its package ships it. */
export interface CatalogSlice {
  /** ISO date on which the facts were gathered. */
  readonly generated: string;
  readonly sources: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly date: string;
        readonly licence?: string | undefined;
        readonly url?: string | undefined;
      }
    >
  >;
  readonly models: readonly ModelFacts[];
  /** Names that people use and the provider does not serve under that spelling. */
  readonly aliases: Readonly<Record<string, ModelAlias>>;
}

/** A name that stands for a model. */
export interface ModelAlias {
  /** The id of the model that it stands for. */
  readonly target: string;
  /** The id to send, where it is not the target's own. */
  readonly send?: string | undefined;
  /** `exact`: the same model; `assumed`: the nearest one that exists; `short`: a short name we made. */
  readonly kind: 'exact' | 'assumed' | 'short';
  readonly note?: string | undefined;
}
