/** The wire format's id: the key of its extensions and of its opaque parts. */
export const GEMINI = 'gemini';

/** The issuer of thought signatures: only Google can read them. */
export const GOOGLE = 'google';
