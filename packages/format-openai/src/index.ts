// The public surface of @signalbox/format-openai: what is not named here is not an API.
export { openaiBatches } from './batches/batch-codec.ts';
export { openaiChat } from './chat/format.ts';
export { openaiResponses } from './responses/format.ts';
export { serverState } from './responses/server-state.ts';
