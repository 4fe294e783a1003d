import type { Configuration } from '@signalbox/config';

/** Requests of one job that are under way at once, where nobody says. */
const AT_ONCE = 4;

/** How many requests of a job of many may be under way at once: the flag, else `performance.parallel_requests`. */
export function requestsAtOnce({ performance }: Configuration, flag: number | undefined): number {
  return flag ?? performance.parallelRequests ?? AT_ONCE;
}
