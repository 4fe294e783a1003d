// The public surface of @signalbox/provider-kit: what a provider package needs.
export { defineProvider, type ProviderDescription } from './define-provider.ts';
export { type Endpoint, readEndpoint } from './endpoint.ts';
export { MAX_FRAME_BYTES } from './frame-splitter.ts';
export { createFramer, type Framer } from './frames.ts';
export { optionsSchemaOf } from './options-schema.ts';
export {
  createTransport,
  MAX_BODY_BYTES,
  prepareTransport,
  type Transport,
  type TransportSettings,
} from './transport.ts';
