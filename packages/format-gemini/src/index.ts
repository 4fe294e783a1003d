// The public surface of @signalbox/format-gemini.
export { gemini } from './gemini.ts';
