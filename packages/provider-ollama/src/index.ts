// The public surface of @signalbox/provider-ollama: what is not named here is not an API.
export { createOllama, ollama } from './ollama.ts';
