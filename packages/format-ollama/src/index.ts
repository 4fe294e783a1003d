// The public surface of @signalbox/format-ollama: what is not named here is not an API.
export { ollamaChat } from './ollama-chat.ts';
export { ollamaEmbeddings } from './ollama-embeddings.ts';
export { ollamaGenerate } from './ollama-generate.ts';
