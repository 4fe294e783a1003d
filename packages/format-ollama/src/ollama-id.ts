/** The wire format's id: the key of its extensions and of its opaque parts. */
export const OLLAMA_CHAT = 'ollama-chat';
