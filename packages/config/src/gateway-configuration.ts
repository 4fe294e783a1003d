/** How the gateway treats its callers (`gateway`). */
export interface GatewayConfiguration {
  /** Where a provider counts no tokens: `estimate` them, or refuse (`exact`). Default `estimate`. */
  readonly countTokens: 'estimate' | 'exact';
  /** The mode whose model and sampling routed requests get. */
  readonly mode?: 'quality' | 'balanced' | 'speed' | undefined;
  /** Origins of web pages that may call the gateway. */
  readonly corsOrigins: readonly string[];
  /** Who may come in by tokens of an identity provider. */
  readonly jwt?: GatewayTokens | undefined;
}

interface GatewayTokens {
  readonly issuer: string;
  readonly audience: string | readonly string[];
  readonly jwksUrl: string;
  readonly clockToleranceMs?: number | undefined;
  /** Names of claims. */
  readonly claims?:
    | {
        readonly user?: string | undefined;
        readonly tenant?: string | undefined;
        readonly tags?: string | undefined;
        readonly models?: string | undefined;
        readonly budgetDaily?: string | undefined;
        readonly budgetMonthly?: string | undefined;
        readonly requestsPerMinute?: string | undefined;
      }
    | undefined;
}

/** What sees requests and answers. Empty: nothing does. */
export interface HooksConfiguration {
  /** Path of a module, as it is written: from the folder of `definedIn`. */
  readonly module?: string | undefined;
  /** The file that names the module. */
  readonly definedIn?: string | undefined;
  /** Kinds of secrets and personal data that are taken out. */
  readonly redact?: readonly ('secrets' | 'email' | 'card' | 'iban' | 'phone' | 'ssn')[] | undefined;
  readonly redactIn?: readonly ('request' | 'answer')[] | undefined;
  /** Regular expressions (RE2) of what else is taken out, by the name that stands in its place. */
  readonly patterns?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs?: number | undefined;
  readonly onFailure?: 'refuse' | 'pass' | undefined;
  /** Characters. */
  readonly holdBack?: number | undefined;
}
