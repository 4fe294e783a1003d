/** The beginning of all ids of one millisecond. */
let beginning = '';
let beginsAt = Number.NaN;

/**
 * A UUID of version 7 (RFC 9562): milliseconds first, then random. Ids that grow with time keep a ledger's index in one place, where random ones
 * scatter each row over all of it.
 */
export function timeOrderedId(now: number = Date.now()): string {
  if (now !== beginsAt) {
    const time = now.toString(16).padStart(12, '0');
    beginning = `${time.slice(0, 8)}-${time.slice(8)}-7`;
    beginsAt = now;
  }
  // The random digits are those of a UUID of version 4, of which Node keeps a stock.
  return beginning + crypto.randomUUID().slice(15);
}
