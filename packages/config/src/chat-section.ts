import * as z from 'zod';
import { duration, flag } from './leaf-schemas.ts';

export const chatSection = z
  .strictObject({
    store: flag
      .optional()
      .describe('true: conversations of signalbox chat are kept in your home, readable for you alone. Default false.'),
    retention: duration.optional().describe('How long a conversation is kept after its last turn. Default 30d.'),
  })
  .describe('Conversations of signalbox chat.');
