/** The characters of JSON that readers of bytes and of code units look for, as both count them: all are ASCII. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const COLON = 0x3a;
export const COMMA = 0x2c;
export const BLANK = 0x20;
export const ZERO = 0x30;
export const NINE = 0x39;
