import { isDeepStrictEqual } from 'node:util';
import type { GatewayConfiguration } from '@signalbox/config';

/** Keys that a gateway reads once, by how they are written. */
const KEYS: readonly (readonly [keyof GatewayConfiguration, string])[] = [
  ['countTokens', 'gateway.count_tokens'],
  ['corsOrigins', 'gateway.cors_origins'],
  ['jwt', 'gateway.jwt'],
];

/** What a changed configuration says of the gateway that holds only once it is started anew, as a sentence; empty where it says nothing new. */
export function waitsForStart(started: GatewayConfiguration, changed: GatewayConfiguration): string {
  const waiting = KEYS.filter(([key]) => !isDeepStrictEqual(started[key], changed[key])).map(([, name]) => name);
  if (waiting.length === 0) return '';
  const [stay, they, them] = waiting.length === 1 ? ['stays', 'it was', 'it'] : ['stay', 'they were', 'them'];
  return `${waiting.join(' and ')} ${stay} as ${they} at the start: start the gateway anew for ${them}.`;
}
