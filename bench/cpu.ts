import { median } from './median.ts';

/** Something to measure. */
export type Work = () => void | Promise<void>;

/** CPU microseconds of an operation and of its floor, by turns in one process, so that both see the same machine. */
export interface Beside {
  readonly microseconds: number;
  readonly floorMicroseconds: number;
  readonly ratio: number;
}

/** Rounds that warm the compiler up and count for nothing. */
const WARM_UP = 3;

/** Runs both so many times per round, and before that in some rounds that count for nothing. */
export async function measureBeside(
  run: Work,
  floor: Work,
  times: number,
  rounds: number,
  warmUp = WARM_UP,
): Promise<Beside> {
  const own: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds + warmUp; round += 1) {
    const [one, other] = [await cpuMicroseconds(run, times), await cpuMicroseconds(floor, times)];
    if (round < warmUp) continue;
    own.push(one);
    bare.push(other);
  }
  const [microseconds, floorMicroseconds] = [median(own), median(bare)];
  return { microseconds, floorMicroseconds, ratio: microseconds / floorMicroseconds };
}

/** CPU microseconds of one run, user and system, the collector's threads included. */
export async function cpuMicroseconds(run: Work, times: number): Promise<number> {
  const before = process.cpuUsage();
  for (let time = 0; time < times; time += 1) {
    const pending = run();
    if (pending !== undefined) await pending;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / times;
}
