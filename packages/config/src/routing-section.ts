import { type Complexity, TASK_TYPES } from '@signalbox/core';
import * as z from 'zod';
import { budgetSection } from './budget-section.ts';
import { amount, count, duration, flag, numberBetween, share, strategy, text } from './leaf-schemas.ts';
import { isPattern, isRegularExpression } from './pattern.ts';
import { performanceSection } from './performance-sections.ts';
import type { RoutingRule } from './routing-configuration.ts';

const COMPLEXITIES = ['low', 'medium', 'high'] as const satisfies readonly Complexity[];

const pattern = z
  .string()
  .refine(isRegularExpression, { error: 'expected a regular expression', abort: true })
  .refine(isPattern, { error: 'expected a regular expression without look-around and back references' });

const rule = z
  .strictObject({
    task_type: z.enum(TASK_TYPES).optional().describe('Holds for this kind of task.'),
    task_complexity: z.enum(COMPLEXITIES).optional().describe('Holds where there is so much to do.'),
    pattern: pattern
      .optional()
      .describe('Regular expression for the last user turn, case-insensitive. Use single quotes.'),
    model: text.optional().describe('Who answers where the rule holds.'),
    prefer: text.optional().describe('The same as model.'),
    default: text.optional().describe('The model when no rule holds.'),
    fallback: z
      .union([text, z.array(text)], { error: 'expected a model or a list of models' })
      .optional()
      .describe('Who is asked behind it: a model, or a list.'),
    max_daily_uses: count.optional().describe('How often the rule is followed in a day; then it is passed over.'),
  })
  .transform((written, context): RoutingRule => {
    const models = new Set([written.model, written.prefer, written.default].filter((one) => one !== undefined));
    const [model] = models;
    const conditions = [written.task_type, written.task_complexity, written.pattern].some((one) => one !== undefined);
    const problem =
      models.size === 0
        ? 'a rule needs "model", "prefer" or "default"'
        : models.size > 1
          ? 'a rule names one model: "model", "prefer" and "default" disagree; keep one'
          : written.default !== undefined && conditions
            ? 'a rule with "default" has no condition: use "model" with a condition'
            : written.default === undefined && !conditions
              ? 'a rule needs "task_type", "task_complexity" or "pattern", or "default" for the rest'
              : undefined;
    if (problem !== undefined || model === undefined) {
      context.issues.push({ code: 'custom', message: problem ?? 'a rule needs a model', input: written });
      return z.NEVER;
    }
    return {
      taskType: written.task_type,
      taskComplexity: written.task_complexity,
      pattern: written.pattern,
      model,
      fallback: written.fallback === undefined ? [] : [written.fallback].flat(),
      maxDailyUses: written.max_daily_uses,
      isDefault: written.default !== undefined,
    };
  });

const TURNS = 'expected turns of a round, 1 to 100';
const turns = z.number({ error: TURNS }).int({ error: TURNS }).min(1, { error: TURNS }).max(100, { error: TURNS });

/** A provider that stands there twice has two turns of a round; a map says the same with figures. */
const roundProviders = z
  .union([z.array(text), z.record(z.string(), turns)], {
    error: 'expected a list of providers, or providers and their turns of a round (1 to 100)',
  })
  .transform((written): readonly string[] =>
    Array.isArray(written)
      ? written
      : Object.entries(written).flatMap(([name, often]) => Array.from({ length: often }, () => name)),
  );

const weight = numberBetween(0, 100).optional();
const TABLE_ROWS = [...TASK_TYPES, 'any'] as const;
const preferences = z.partialRecord(z.enum(TABLE_ROWS), z.record(z.string(), numberBetween(-10, 10)));
const expectedQuality = z.record(
  z.string(),
  z.union([share, z.partialRecord(z.enum(TABLE_ROWS), share)], {
    error: 'expected a share such as 80, 0.80 or "80%", or kinds of task with a share each',
  }),
);

export const routingSection = z
  .strictObject({
    strategy: strategy.optional().describe('How the model is chosen.'),
    fallback_order: z.array(text).optional().describe('Providers to fail over to, in order.'),
    chains: z
      .record(z.string(), z.array(text).min(1, { error: 'expected at least one model' }))
      .optional()
      .describe('Models by chain; the first chain is the default.'),
    rules: z.array(rule).optional().describe('First match wins.'),
    providers: roundProviders.optional().describe('Providers to go round; as a map with their turns of a round.'),
    apply_to: z.enum(['auto', 'all']).optional().describe('Which requests a gateway routes.'),
    background: text
      .optional()
      .describe('Who answers the small calls that agents make beside a conversation: cheapest, off, or a model.'),
    prefer_faster: flag.optional().describe('Waiting counts for more. Default false.'),
    weights: z
      .strictObject({
        quality: weight.describe('For expected quality, 0 to 1. Default 1.'),
        preference: weight.describe('For the table of preferences. Default 1.'),
        cost: weight.describe('For ten times the money. Default 0.1, or 0.2 where cheaper is preferred.'),
        latency: weight.describe('For ten times the waiting. Default 0.03, or 0.5 where faster is preferred.'),
        failures: weight.describe('For calls that always fail, by what was measured lately. Default 0.5.'),
      })
      .optional()
      .describe('What best_for_task weighs.'),
    preferences: preferences.optional().describe('Providers by task type, in the place of the built-in rows.'),
    quality: expectedQuality.optional().describe('How able a model is, 0 to 1, also by task type.'),
    learning: z
      .strictObject({
        outcomes: flag.optional().describe('false: feedback and learned heads do not correct expected quality.'),
        features: flag.optional().describe('false: no hashed features of prompts are kept in the ledger.'),
      })
      .optional()
      .describe("What is learned from the user's own answers."),
    keep_warm: flag.optional().describe('false: sessions keep no model for the sake of its prompt cache.'),
    optimization: z
      .strictObject({
        prefer_cheaper: flag.optional().describe('Of two that are good enough, the cheaper one. Default false.'),
        prefer_faster: flag.optional().describe('The same as routing.prefer_faster.'),
        max_cost: amount.optional().describe('Dollars for one request.'),
        min_quality_score: share
          .optional()
          .describe('Expected quality that is good enough, 0 to 1. Default 0.8 where it is asked for.'),
        max_latency: duration.optional().describe('Expected time to the end of the answer; a soft bound.'),
        parallel_requests: count.optional().describe('The same as performance.parallel_requests.'),
      })
      .optional(),
    cost_optimization: z
      .strictObject({
        enabled: flag.optional().describe('false: this block says nothing. Default true.'),
        max_cost_per_request: amount.optional().describe('Dollars for one request.'),
        prefer_cheaper_when_quality_acceptable: flag
          .optional()
          .describe('Of two that are good enough, the cheaper one. Default false.'),
      })
      .optional(),
    performance: performanceSection.optional(),
    budget: budgetSection.optional(),
  })
  .describe('The choice of a model.');
