export { anthropic, createAnthropic } from './anthropic.ts';
