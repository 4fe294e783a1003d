// The provider for any Chat Completions server, as a third party's package: the built program loads it by its path.
export { anyServer as provider } from '../packages/provider-openai-compatible/dist/index.js';
