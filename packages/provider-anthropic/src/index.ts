export { anthropic, createAnthropic } from './anthropic.ts';
export { anthropicCompatible } from './anthropic-compatible.ts';
