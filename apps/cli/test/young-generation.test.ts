import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const GROW = new URL('../src/serving/grow-young-generation.ts', import.meta.url).href;

/** Keeps what was made last alive, as open streams do, over many collections; says how large the space for new objects was at most, and ends once that is above what it is to be. */
const STREAMS = `
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
const grow = process.env.BOUNDED === '1' ? (await import('${GROW}')).letYoungGenerationGrow : () => setFlagsFromString('--semi-space-growth-factor=2');
setFlagsFromString('--semi-space-growth-factor=1');
grow();
const kept = [];
let most = 0;
for (let round = 0; round < Number(process.env.ROUNDS) && most <= 33 * 2 ** 20; round += 1) {
  for (let count = 0; count < 3_000; count += 1) kept.push({ round, count, text: [count] });
  if (kept.length > 300_000) kept.splice(0, 150_000);
  await turn();
  most = Math.max(most, getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size);
}
console.log(most / 2 ** 20);
`;

/** Rounds after which V8 alone would have let it grow in nearly every run, and after which it would in any. */
const ENOUGH = 800;
const UNTIL_IT_IS = 20_000;

async function megabytesAtMost(bounded: boolean, rounds: number, ...more: string[]): Promise<number> {
  const words = [...more, '--conditions=@signalbox/source', '--no-warnings', '--input-type=module', '-e', STREAMS];
  const env = { PATH: process.env.PATH, BOUNDED: bounded ? '1' : '0', ROUNDS: String(rounds) };
  const { stdout } = await promisify(execFile)(process.execPath, words, { env });
  return Number(stdout);
}

describe('the space for new objects of a gateway', () => {
  it('does not grow on once it has 32 MB, which V8 alone would let it', async () => {
    const [alone, bounded] = await Promise.all([megabytesAtMost(false, UNTIL_IT_IS), megabytesAtMost(true, ENOUGH)]);
    expect(alone).toBeGreaterThan(33);
    expect(bounded).toBeGreaterThan(8);
    expect(bounded).toBeLessThanOrEqual(33);
  });

  it('is as large as node is told to let it be', async () => {
    expect(await megabytesAtMost(true, UNTIL_IT_IS, '--max-semi-space-size=32')).toBeGreaterThan(33);
  });
});
