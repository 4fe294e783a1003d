/** How one text is read, and what it may name. */
export interface ParseOptions {
  /** Path of the file. */
  readonly file: string;
  /** Variables for `${VAR}`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: by the ending of `file`. */
  readonly format?: 'yaml' | 'json' | undefined;
  /** Providers that exist; with it, names that no provider has are errors. */
  readonly providerNames?: readonly string[] | undefined;
  /** What `providers.*.type` may say; default: `providerNames`. */
  readonly providerTypes?: readonly string[] | undefined;
  /** Strategies beside the built-in ones; with it, other names are errors. */
  readonly strategyNames?: readonly string[] | undefined;
  /** The file as messages show it; default: `file`. */
  readonly label?: string | undefined;
  /** `project` where the file came with the project; default `user`. */
  readonly scope?: 'project' | 'user' | undefined;
  /** Warn of keys in plain text (the file is in a git repository); default `false`. */
  readonly warnOfPlainTextKeys?: boolean | undefined;
  /** Providers that a weaker file defines. */
  readonly definedProviders?: readonly string[] | undefined;
}
