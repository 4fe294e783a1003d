import { expect, test } from 'vitest';
import { steadyChecks } from '../load/load-checks.ts';
import { runLoad } from '../load/run-load.ts';

test('a gateway under load with faults: healthy streams are whole, memory and sockets return, every attempt is booked', async () => {
  const result = await runLoad({
    streams: 40,
    until: { requests: 160 },
    windowSeconds: 2,
    settleSeconds: 7,
    from: 'sources',
  });
  for (const { name, holds, detail } of steadyChecks(result)) expect(holds, `${name}: ${detail}`).toBe(true);
  expect(Object.values(result.windows).map((kind) => kind.others.streams)).not.toContain(0);
}, 180_000);
