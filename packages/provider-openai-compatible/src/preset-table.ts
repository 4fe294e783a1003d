import { CLOUD_PRESETS } from './cloud-presets.ts';
import { LOCAL_PRESETS } from './local-presets.ts';
import type { Preset } from './preset.ts';
import { CLOUD, COMPATIBLE } from './preset-defaults.ts';

/** For servers that nobody told us about. */
export const ANY_SERVER: Preset = {
  id: 'openai-compatible',
  displayName: 'An OpenAI-compatible server',
  ...CLOUD,
  endpoint: '',
  keyVariables: [],
  forwards: true,
  quirks: COMPATIBLE,
};

/**
 * The presets. Facts are from the vendors' public documentation as of November 2026 and from recorded traffic; a line without
 * a quirk says that the server keeps to the format there.
 */
export const PRESETS: readonly Preset[] = [...CLOUD_PRESETS, ...LOCAL_PRESETS];
