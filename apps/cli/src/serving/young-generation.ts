import { setFlagsFromString } from 'node:v8';

/**
 * How V8's space for new objects grows. What a start makes and keeps would double it several times, to 11 MB that a gateway at rest has no use for; so it does not grow
 * until the gateway listens, and from then on as `grow-young-generation.ts` says.
 */
export const keepYoungGenerationSmall = () => setFlagsFromString('--semi-space-growth-factor=1');
