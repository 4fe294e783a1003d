import { asObject, invalidField, type WireFormat } from '@signalbox/core';
import { embedding } from './embedding.ts';
import { ollamaChat } from './ollama-chat.ts';

/**
 * Ollama's older endpoint for the vector of one text: `POST /api/embeddings` (https://github.com/ollama/ollama/blob/main/docs/api.md, "Generate Embedding"). For callers alone:
 * providers are asked by `/api/embed`, whose vectors have the length 1.
 *
 * @example
 * ```ts
 * const request = ollamaEmbeddings.embedding?.decodeRequest({ model: 'nomic-embed-text', prompt: 'a boat' }, '/api/embeddings');
 * ```
 */
export const ollamaEmbeddings: WireFormat = {
  ...ollamaChat,
  embedding: {
    ...embedding,
    decodeRequest(body, path) {
      const { prompt, ...rest } = asObject(body) ?? {};
      if (typeof prompt !== 'string' || prompt === '') {
        throw invalidField('prompt', 'a text (models are not loaded by an empty one here)');
      }
      return embedding.decodeRequest({ ...rest, input: prompt }, path);
    },
    encodeResponse: ({ vectors: [vector = []] }) => ({ embedding: [...vector] }),
  },
};
