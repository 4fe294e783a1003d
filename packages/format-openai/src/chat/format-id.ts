/** The id of this wire format: the key of its extensions and opaque parts. */
export const FORMAT_ID = 'openai-chat';
