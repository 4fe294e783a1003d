export { anthropicBatches } from './batch-codec.ts';
export { anthropicMessages } from './format.ts';
