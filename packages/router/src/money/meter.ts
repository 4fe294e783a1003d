import { type Reservation, RouterError } from '@signalbox/core';

/** Tokens of output, estimated, after which a reservation is asked again. */
const INTERVAL = 256;
/** Pieces after which it is asked at the latest: they may grow all of a sudden. */
const MOST_PIECES = 32;

/** Watches the output of one attempt. */
export interface Meter {
  /** A piece of content came. Throws RouterError `budget` where the stream must stop. */
  content(): void;
}

/**
 * Asks the reservation about every 256 tokens whether the stream may go on; `undefined` where it does not want to be asked. How many pieces that is
 * follows from the pieces so far: asking at each of them would cost more than the pieces.
 */
export function createMeter(reservation: Reservation | undefined, outputTokens: () => number): Meter | undefined {
  if (reservation?.mustStop === undefined) return undefined;
  let pieces = 0;
  let nextLook = 1;
  return {
    content() {
      pieces += 1;
      if (pieces < nextLook) return;
      const tokens = outputTokens();
      const reason = reservation.mustStop?.(tokens);
      if (reason !== undefined)
        throw new RouterError({ kind: 'budget', message: `The answer was stopped here: ${reason}.` });
      const ahead = Math.floor(INTERVAL / Math.max(1, tokens / pieces));
      nextLook = pieces + Math.max(1, Math.min(ahead, pieces, MOST_PIECES));
    },
  };
}
