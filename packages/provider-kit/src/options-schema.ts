import {
  isJsonObject,
  type OptionRule,
  type OptionRules,
  type StandardIssue,
  type StandardSchema,
} from '@signalbox/core';

/**
 * A schema for a provider's options with a rule for each: what a configuration has under `providers.*.options`. An unknown key is an error.
 *
 * @example
 * ```ts
 * const schema = optionsSchemaOf<{ num_ctx?: number }>({ num_ctx: aCount(1, undefined, 'of tokens') });
 * // { num_ctx: 0 }: expected a whole number of tokens, 1 or more
 * ```
 */
export function optionsSchemaOf<Options>(rules: OptionRules<Options>): StandardSchema<Options> {
  return {
    '~standard': {
      version: 1,
      vendor: 'signalbox',
      validate(value) {
        if (!isJsonObject(value)) return { issues: [{ message: 'expected an object' }] };
        const issues = Object.entries(value).flatMap(([name, one]) => issuesOf(rules, name, one));
        return issues.length > 0 ? { issues } : { value: value as Options };
      },
    },
  };
}

function issuesOf(rules: Readonly<Record<string, OptionRule>>, name: string, value: unknown): readonly StandardIssue[] {
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (rule === undefined) {
    const known = Object.keys(rules);
    return [
      { message: `unknown option: there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`, path: [name] },
    ];
  }
  return value === undefined || rule.holds(value) ? [] : [{ message: `expected ${rule.what}`, path: [name] }];
}
