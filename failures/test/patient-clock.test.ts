import { expect, test } from 'vitest';
import { createPatientClock } from '../patient-clock.ts';

test('timers fire in the order in which they are due, never early, and not when they were cancelled', async () => {
  const clock = createPatientClock(100);
  const fired: string[] = [];
  const start = clock.now();
  await new Promise<void>((resolve) => {
    clock.after(300, () => fired.push('second'));
    clock.after(200, () => fired.push('first'));
    const cancel = clock.after(250, () => fired.push('cancelled'));
    cancel();
    clock.after(400, resolve);
  });
  expect(fired).toEqual(['first', 'second']);
  expect(clock.now() - start).toBeGreaterThanOrEqual(400);
});

test('time in which the process did not get to run does not pass', async () => {
  const clock = createPatientClock(10);
  const start = clock.now();
  const reached = new Promise<void>((resolve) => clock.after(1, resolve));
  const blockedUntil = performance.now() + 100;
  while (performance.now() < blockedUntil);
  await reached;
  expect(clock.now() - start).toBeLessThan(1_000);
});
