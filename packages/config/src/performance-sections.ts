import { z } from 'zod';
import { count, duration, flag, share, text, timeout } from './leaf-schemas.ts';

export const performanceSection = z
  .strictObject({
    parallel_requests: count.optional().describe('Concurrency of jobs of many requests.'),
    hedge_after: timeout
      .optional()
      .describe('Ask the next model too where the first has said nothing for this long, e.g. 3s. Default: never.'),
    hedge_share: share.optional().describe('Of all requests, the share that may be asked twice like this. Default 5%.'),
    cache_responses: flag.optional().describe('The same as caching.enabled.'),
    cache_ttl: duration.optional().describe('The same as caching.ttl.'),
  })
  .describe('Speed.');

export const cachingSection = z
  .strictObject({
    enabled: flag.optional(),
    ttl: duration.optional().describe('How long an answer is kept: 3600 (seconds) or 1h.'),
  })
  .describe('Keeping answers of identical requests.');

export const streamingSection = z.strictObject({ enabled: flag.optional() }).describe('Showing answers as they come.');

export const speedPriority = z.array(text).describe('Models, fastest first.');

export const throughputSection = z
  .strictObject({
    connection_pool: count.optional().describe('Connections to one provider at most.'),
    keep_alive: flag.optional(),
    max_rpm: z.record(z.string(), count).optional().describe('Requests a minute by provider.'),
  })
  .describe('Connections and rates.');
