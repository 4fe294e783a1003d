/**
 * Headers of every answer: what is sent is what it says it is, is shown in no page's frame, and is kept by nobody on the way (answers and lists depend on who asks).
 */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
