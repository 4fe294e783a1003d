import * as z from 'zod';
import { budgetSection } from './budget-section.ts';
import { chatSection } from './chat-section.ts';
import { fallbackSection } from './fallback-section.ts';
import { gatewaySection } from './gateway-section.ts';
import { hooksSection } from './hooks-section.ts';
import { flag } from './leaf-schemas.ts';
import { modelsSection, modeSection } from './model-sections.ts';
import {
  cachingSection,
  performanceSection,
  speedPriority,
  streamingSection,
  throughputSection,
} from './performance-sections.ts';
import { providersSection } from './provider-section.ts';
import { costTrackingSection, monitoringSection, retrySection, routerSection } from './router-section.ts';
import { routingSection } from './routing-section.ts';

/** A configuration file as it is written. Where a value goes is the matter of `spellings.ts`. */
export const configurationSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors.'),
  router: routerSection.optional(),
  providers: providersSection.optional(),
  routing: routingSection.optional(),
  gateway: gatewaySection.optional(),
  hooks: hooksSection.optional(),
  fallback: fallbackSection.optional(),
  budget: budgetSection.optional(),
  cost_tracking: costTrackingSection.optional(),
  monitoring: monitoringSection.optional(),
  retry: retrySection.optional(),
  performance: performanceSection.optional(),
  caching: cachingSection.optional(),
  streaming: streamingSection.optional(),
  chat: chatSection.optional(),
  speed_priority: speedPriority.optional(),
  throughput: throughputSection.optional(),
  quality_mode: modeSection.optional(),
  balanced_mode: modeSection.optional(),
  speed_mode: modeSection.optional(),
  models: modelsSection.optional(),
  auto_detect_complexity: flag.optional().describe('Judge how much work a task is. Default true.'),
  data_policy: z.enum(['local_only']).optional().describe('local_only: nothing leaves the machine or network.'),
  strict: flag.optional().describe("Refuse what a model can't express instead of leaving it out. Default false."),
});
