import type { BudgetAlert } from '@signalbox/cost-tracker';
import { expect, test } from 'vitest';
import { createAlertDelivery } from '../src/alert-delivery.ts';

const alert: BudgetAlert = {
  title: 'daily budget',
  scope: 'all',
  period: 'day',
  unit: 'nano-usd',
  limit: 1_000_000_000,
  spent: 820_000_000,
  reserved: 0,
  from: 0,
  to: 86_400_000,
  rule: { threshold: 0.8, action: 'deny' },
};

test('the end of a program does not wait for a command that takes longer than it may, and says so', async () => {
  const faults: string[] = [];
  // Longer than a test may take.
  const command = [process.execPath, '-e', 'setTimeout(() => {}, 8_000)'];
  const delivery = createAlertDelivery({ targets: { command }, say: () => {}, onFault: (one) => faults.push(one) });
  delivery.tell(alert);
  await delivery.settled(1);
  expect(faults).toEqual([
    `An alert did not reach the command ${process.execPath}: it was still running when the program ended, and is left to itself.`,
  ]);
});
