import * as z from 'zod';
import type { BudgetAlert } from './budget-configuration.ts';
import { amount, count, flag, share, text } from './leaf-schemas.ts';

const daily = amount.optional().describe('Dollars a day.');
const monthly = amount.optional().describe('Dollars a month.');

const limits = z.strictObject({ daily, monthly });
const modelLimits = z.strictObject({
  daily,
  monthly,
  max_daily_uses: count.optional().describe('Requests that this model may get in a day.'),
});

const timeZone = text.refine(isTimeZone, { error: 'expected a time zone such as Europe/Lisbon or UTC' });

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const webhook = text.refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), {
  error: 'expected an http(s) address',
});

const percent = (part: number) => `${Number((part * 100).toFixed(6))}%`;

const alert = z
  .strictObject({
    threshold: share.describe('Share of the budget: 50%, 0.5 or 50.'),
    action: z
      .enum(['notify', 'switch_to_cheaper', 'block_expensive_models', 'deny'])
      .describe('What is done from there on.'),
    release_margin: share
      .optional()
      .describe(
        'How far what is spent must fall below the threshold before the rule ends and may begin anew: 10 is ten points of the budget. Default 5%, or half the threshold if that is less.',
      ),
  })
  .transform(({ threshold, action, release_margin: releaseMargin }, context): BudgetAlert => {
    if (releaseMargin !== undefined && releaseMargin > threshold) {
      const message = `expected a share that is no larger than the threshold, ${percent(threshold)}`;
      context.issues.push({ code: 'custom', message, path: ['release_margin'], input: percent(releaseMargin) });
    }
    return releaseMargin === undefined ? { threshold, action } : { threshold, action, releaseMargin };
  });

export const budgetSection = z
  .strictObject({
    daily,
    monthly,
    per_request: amount
      .optional()
      .describe('Dollars for one request; a model that is predicted to cost more is not used.'),
    per_user: z
      .strictObject({
        enabled: flag.optional().describe('false: users have no limit of their own. Default true.'),
        default: amount.optional().describe('Dollars a day for each user.'),
        users: z.record(z.string(), amount).optional().describe('Dollars a day by user, instead of the default.'),
      })
      .optional(),
    per_key: z.record(z.string(), limits).optional().describe("Limits by the name of a caller's key."),
    per_tag: z.record(z.string(), limits).optional().describe('Limits by tag of a request.'),
    per_model: z.record(z.string(), modelLimits).optional().describe('Limits by model.'),
    alerts: z.array(alert).optional().describe('What is done when a share of a budget is spent.'),
    notify: z
      .strictObject({
        webhook: webhook.optional().describe('Address that gets each alert as JSON.'),
        command: z
          .union([text, z.array(text).min(1)], { error: 'expected a command or a list of its words' })
          .transform((command) => (typeof command === 'string' ? [command] : command))
          .optional()
          .describe('Program that is started for each alert, which it gets as JSON on its standard input.'),
      })
      .optional()
      .describe('Who is told of alerts beside the standard error output.'),
    time_zone: timeZone.optional().describe("Whose midnight begins a day; default: this machine's."),
    hard: flag
      .optional()
      .describe('false: nobody is refused for lack of money; alerts act all the same. Default true.'),
    unknown_price: z
      .enum(['refuse', 'allow'])
      .optional()
      .describe('What a hard budget does with a model whose price nobody knows. Default: refuse.'),
  })
  .describe('What may be spent.');
