import * as z from 'zod';
import { byteSize, count, duration, flag, numberBetween, share, text, timeout, wait } from './leaf-schemas.ts';

export const performanceSection = z
  .strictObject({
    parallel_requests: count.optional().describe('Concurrency of jobs of many requests. Default 4.'),
    hedge_after: timeout
      .optional()
      .describe('Ask the next model too where the first has said nothing for this long. Default: never.'),
    hedge_share: share.optional().describe('Of all requests, the share that may be asked twice like this. Default 5%.'),
    cache_responses: flag.optional().describe('The same as caching.enabled.'),
    cache_ttl: duration.optional().describe('The same as caching.ttl.'),
  })
  .describe('Speed.');

export const cachingSection = z
  .strictObject({
    enabled: flag.optional().describe('Whether answers are kept.'),
    ttl: duration.optional().describe('How long an answer is kept. Default 1h.'),
    max_size: byteSize.optional().describe('What all answers may take. Default 256MB.'),
    storage: z
      .enum(['memory', 'disk'])
      .optional()
      .describe('disk: a file that all processes share, readable for you alone. memory: of one process. Default disk.'),
    file: text.optional().describe('Where on the disk. Default ~/.claude-code/signalbox-cache.db.'),
    semantic: z
      .strictObject({
        enabled: flag.optional().describe('Whether the meaning of questions is compared. Default false.'),
        model: text
          .optional()
          .describe('The model that says what questions mean; without one there is nothing to compare.'),
        threshold: numberBetween(0.5, 1).optional().describe('How near a question must be, as a cosine. Default 0.95.'),
      })
      .optional()
      .describe('Answering questions that mean the same as an earlier one.'),
  })
  .describe('Keeping answers of identical requests.');

export const streamingSection = z
  .strictObject({ enabled: flag.optional().describe('false: an answer is shown when it is whole.') })
  .describe('Showing answers as they come.');

export const speedPriority = z.array(text).describe('Models, fastest first.');

export const throughputSection = z
  .strictObject({
    connection_pool: count
      .optional()
      .describe('Connections to one provider at most, each for one call at a time. Default: as many as are needed.'),
    keep_alive: flag.optional().describe('Whether a connection is used again. Default true.'),
    max_rpm: z.record(z.string(), count).optional().describe('Requests a minute by provider.'),
    queue_timeout: wait
      .optional()
      .describe('How long a request waits for its turn at a limit; 0: not at all. Default 30s.'),
  })
  .describe('Connections and rates.');
