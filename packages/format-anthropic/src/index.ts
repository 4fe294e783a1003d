export { anthropicMessages } from './format.ts';
