/** The id of this wire format: the key of its extensions and opaque parts. */
export const FORMAT_ID = 'openai-responses';

/** Path of the Responses API below an endpoint's base. */
export const RESPONSES_PATH = '/responses';
