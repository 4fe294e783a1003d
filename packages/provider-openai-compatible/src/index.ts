// The public surface of @signalbox/provider-openai-compatible: what is not named here is not an API.
export { openaiCompatible } from './openai-compatible.ts';
export type { Authentication, Preset } from './preset.ts';
export { PRESETS } from './preset-table.ts';
export { anyServer, createOpenAICompatible, presets, type ServerSettings } from './presets.ts';
export { QUIRK_KINDS } from './quirk-kinds.ts';
export type { ServerOptions } from './server-options.ts';
