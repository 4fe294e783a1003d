import { type Clock, RouterError } from '@signalbox/core';

/** One of many who want the same at once. */
type Turn<Value> = Leader<Value> | Follower<Value> | Loner;

/** Does the work for all. The first call of these counts, later ones do nothing. */
export interface Leader<Value> {
  readonly kind: 'leader';
  /** The work is done: all who wait get this. */
  land(value: Value): void;
  /** It failed or was given up: somebody who waits takes over. */
  leave(): void;
  /** It is done, but what came of it is for nobody else: each who waits does it alone. */
  dissolve(): void;
}

interface Follower<Value> {
  readonly kind: 'follower';
  readonly value: Value;
}

/** Does the work for itself. */
interface Loner {
  readonly kind: 'loner';
}

export interface SingleFlight<Value> {
  /** Leads where nobody does, else waits. Throws RouterError `aborted` for who gives up waiting. */
  join(key: string, signal?: AbortSignal): Promise<Turn<Value>>;
}

interface Flight<Value> {
  readonly waiting: Set<(turn: Turn<Value>) => void>;
  leaders: number;
  /** Leaders that left with nothing. */
  failed: number;
  stopTimer: () => void;
}

/** Leaders that may leave before those who wait stop waiting for another: a place that is down must not be tried in a row by each of them. */
const MOST_FAILED = 2;

/**
 * Lets one of many who want the same do the work. `takeoverMs`: a leader may be held up by its own caller, so after this time one of those who wait
 * begins as well; whoever is first lands for all.
 */
export function createSingleFlight<Value>(clock: Clock, takeoverMs: number): SingleFlight<Value> {
  const flights = new Map<string, Flight<Value>>();

  function lead(key: string, flight: Flight<Value>): Leader<Value> {
    let over = false;
    flight.leaders += 1;
    const once = (work: () => void) => () => {
      if (over) return;
      over = true;
      flight.leaders -= 1;
      work();
    };
    return {
      kind: 'leader',
      land: (value) => once(() => finish(key, flight, { kind: 'follower', value }))(),
      leave: once(() => {
        flight.failed += 1;
        if (flight.leaders > 0) return;
        if (flight.failed < MOST_FAILED) promote(key, flight);
        else finish(key, flight, { kind: 'loner' });
      }),
      dissolve: once(() => finish(key, flight, { kind: 'loner' })),
    };
  }

  /** Ends the flight: all who wait get this. */
  function finish(key: string, flight: Flight<Value>, turn: Turn<Value>): void {
    flight.stopTimer();
    if (flights.get(key) === flight) flights.delete(key);
    const waiting = [...flight.waiting];
    flight.waiting.clear();
    for (const resolve of waiting) resolve(turn);
  }

  /** The one who has waited longest leads. */
  function promote(key: string, flight: Flight<Value>): void {
    const [next] = flight.waiting;
    if (next !== undefined) {
      flight.waiting.delete(next);
      next(lead(key, flight));
    } else if (flight.leaders === 0) {
      finish(key, flight, { kind: 'loner' });
      return;
    }
    startTimer(key, flight);
  }

  function startTimer(key: string, flight: Flight<Value>): void {
    flight.stopTimer();
    flight.stopTimer =
      flight.waiting.size === 0 ? () => undefined : clock.after(takeoverMs, () => promote(key, flight));
  }

  return {
    async join(key, signal) {
      const flight = flights.get(key);
      if (flight === undefined) {
        const made: Flight<Value> = { waiting: new Set(), leaders: 0, failed: 0, stopTimer: () => undefined };
        flights.set(key, made);
        return lead(key, made);
      }
      return new Promise((resolve, reject) => {
        const turn = (given: Turn<Value>) => {
          signal?.removeEventListener('abort', abort);
          resolve(given);
        };
        const abort = () => {
          flight.waiting.delete(turn);
          if (flight.waiting.size === 0) flight.stopTimer();
          reject(givenUp());
        };
        if (signal?.aborted === true) {
          reject(givenUp());
          return;
        }
        signal?.addEventListener('abort', abort, { once: true });
        flight.waiting.add(turn);
        if (flight.waiting.size === 1) startTimer(key, flight);
      });
    },
  };
}

/** The end of a request whose caller went away. */
export function givenUp(): RouterError {
  return new RouterError({ kind: 'aborted', message: 'The request was given up by the caller.' });
}
