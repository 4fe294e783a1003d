// The public surface of @signalbox/create-provider: the templates, for programs that write providers themselves.
export { type Files, packageFiles, type RangeOf } from './package-files.ts';
export { PROVIDER_FORMATS, type ProviderFormat } from './provider-formats.ts';
export { type ProviderName, providerName } from './provider-name.ts';
export { type ProviderRequest, type ProviderWords, providerRequest } from './provider-request.ts';
export { emptySlice, literal, providerFixtures, providerSource, SLICE_HELP } from './provider-source.ts';
export { readWords, type WordsRead } from './read-words.ts';
