/**
 * The root of an Ollama server from what people write as its endpoint. Its own API lies under `/api`, its OpenAI-compatible one
 * under `/v1`, and both are often copied along; the paths of this format begin at the root, so they are taken off.
 */
export function serverRoot(endpoint: string): string {
  return endpoint
    .trim()
    .replace(/\/+$/, '')
    .replace(/\/(api|v1)(\/chat(\/completions)?)?$/, '');
}
