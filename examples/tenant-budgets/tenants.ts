import { type NanoUsd, usdToNano } from '@signalbox/core';

/** What your own database knows of your customers: here a table. Amounts are for a day. */
export const TENANTS: Readonly<Record<string, NanoUsd>> = {
  acme: usdToNano(0.01),
  globex: usdToNano(25),
};
