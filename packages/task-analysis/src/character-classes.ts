// Codes of characters; NaN, which is what charCodeAt gives beyond the end, is blank.
export const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
export const isSmall = (code: number) => code >= 0x61 && code <= 0x7a;
export const isCapital = (code: number) => code >= 0x41 && code <= 0x5a;
export const isBlank = (code: number) => code <= 0x20 || Number.isNaN(code);
