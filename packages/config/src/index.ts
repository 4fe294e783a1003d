// The public surface of @signalbox/config: what is not named here is not an API.
export { parseUsd } from './amounts.ts';
export type { BudgetAlert, BudgetConfiguration } from './budget-configuration.ts';
export type {
  Configuration,
  FallbackConfiguration,
  ModeConfiguration,
  NamedModelConfiguration,
  RetryConfiguration,
  ThroughputConfiguration,
} from './configuration.ts';
export { ConfigurationError, type ConfigurationIssue } from './configuration-error.ts';
export { parseDuration } from './durations.ts';
export type { ConfigurationEntry, FileSource, OtherSource, Source } from './entry.ts';
export type { GatewayConfiguration, HooksConfiguration } from './gateway-configuration.ts';
export { type ImportedConfiguration, type ImportOptions, importConfiguration } from './import/import-configuration.ts';
export { IMPORT_SOURCES, type ImportNote, type ImportSource, type KnownProvider } from './import/imported.ts';
export { configurationJsonSchema, editorJsonSchema } from './json-schema.ts';
export { type LoadedConfiguration, type LoadOptions, loadConfiguration } from './load-configuration.ts';
export type { ConfigurationOverrides } from './overrides.ts';
export { type ParsedConfiguration, parseConfiguration } from './parse-configuration.ts';
export type { ParseOptions } from './parse-options.ts';
export { compilePattern, compileReplacement } from './pattern.ts';
export type { ModelConfiguration, ProviderConfiguration, RateLimit } from './provider-configuration.ts';
export { type DescribedSetting, describeConfiguration, renderConfiguration } from './render-configuration.ts';
export type { RoutingConfiguration, RoutingRule } from './routing-configuration.ts';
export { canonicalStrategy, STRATEGY_NAMES } from './strategy-names.ts';
export { closest } from './suggestion.ts';
export { type UntrustedUse, untrustedUses } from './trust.ts';
export { createTrustStore, type TrustedFile, type TrustStore } from './trust-store.ts';
