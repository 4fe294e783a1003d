/** The wire format's id: the key of its extensions. */
export const FORMAT_ID = 'anthropic-messages';

/** The issuer of the signatures in this format's thinking blocks. */
export const REASONING_ISSUER = 'anthropic';
