/** The catalogue that is read: dollars per million tokens, as decimals. */
export interface SourceCatalog {
  readonly generated: string;
  readonly sources: Readonly<Record<string, SourceEntry>>;
  readonly providerRules: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly seedAliases: Readonly<Record<string, SourceAlias>>;
  readonly models: readonly SourceModel[];
}

export interface SourceEntry {
  readonly name: string;
  readonly date: string;
  readonly licence?: string | undefined;
  readonly url?: string | undefined;
}

interface SourceAlias {
  /** `provider/model id`. */
  readonly target: string;
  readonly kind: 'exact' | 'assumed';
  readonly note?: string | undefined;
}

export interface SourceModel {
  readonly id: string;
  readonly provider: string;
  readonly type: 'chat' | 'embedding';
  readonly name: string;
  readonly status: 'active' | 'deprecated' | 'retired';
  readonly family?: string | undefined;
  readonly aliases?: readonly string[] | undefined;
  readonly released?: string | undefined;
  readonly deprecates?: string | undefined;
  readonly contextWindow?: number | undefined;
  readonly maxInput?: number | undefined;
  readonly maxOutput?: number | undefined;
  readonly capabilities?: Readonly<Record<string, boolean>> | undefined;
  readonly reasoningEfforts?: readonly string[] | undefined;
  readonly reasoningBudget?: { readonly min?: number; readonly max?: number } | undefined;
  readonly cacheMinTokens?: number | undefined;
  readonly prices: readonly SourcePrice[];
  readonly priceVerified?: boolean | undefined;
  readonly sources: {
    readonly prices?: string | null | undefined;
    readonly limits?: string | null | undefined;
    readonly capabilities?: string | null | undefined;
    readonly filled?: Readonly<Record<string, string>> | undefined;
  };
}

/** Dollars per million tokens by kind; `webSearchPer1k` is dollars per thousand searches. */
export type SourceRates = Readonly<Record<string, number | undefined>>;

export interface SourcePrice {
  readonly rates: SourceRates;
  readonly effectiveFrom?: string | undefined;
  readonly effectiveUntil?: string | undefined;
  readonly hoursUtc?: { readonly from: string; readonly to: string } | undefined;
  readonly tiers: readonly { readonly aboveInputTokens: number; readonly rates: SourceRates }[];
  readonly services: Readonly<Record<string, SourceRates>>;
}

/** Kinds of rates that the product bills, in the order in which they are printed. */
export const BILLED_KINDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'reasoning',
  'inputAudio',
  'outputAudio',
] as const;

/** Kinds that a source may give and that no usage report counts. */
export const UNBILLED_KINDS = ['cacheReadAudio', 'inputImage', 'outputImage', 'inputVideo', 'requestsPer1k'] as const;

export const SERVICE_TIERS = ['batch', 'flex', 'priority'] as const;

export const CAPABILITY_NAMES = [
  'tools',
  'parallelTools',
  'vision',
  'pdf',
  'audioIn',
  'videoIn',
  'jsonSchema',
  'reasoning',
  'promptCache',
  'webSearch',
  'temperature',
  'prefill',
] as const;
