import { describe, expect, it } from 'vitest';
import { bestForTask, customRules, type Rule, withRules } from '../src/index.ts';
import { all, gpt4, gpt35, haiku, ids, opus, sonnet, taskSnapshot } from './models.ts';

const rules: readonly Rule[] = [
  { name: 'pattern readme', matches: (text) => text.includes('readme'), model: 'anthropic.haiku' },
  { name: 'task_type json_output', taskType: 'json_output', model: 'openai.gpt4', fallback: ['anthropic.sonnet'] },
  { name: 'task_complexity high', taskComplexity: 'high', model: 'anthropic.opus', maxDailyUses: 10 },
];
const strategy = withRules(bestForTask(), { rules });

describe('rules', () => {
  it('decide by the kind of task, its complexity or its words: the first that holds', () => {
    const given = taskSnapshot('json_output', 'high');
    expect(ids(strategy.rank(all, { ...given, prompt: 'a readme as JSON' }).order)[0]).toBe(haiku.id);
    const { order, reason, rule } = strategy.rank(all, { ...given, prompt: 'JSON' });
    expect(ids(order).slice(0, 2)).toEqual([gpt4.id, sonnet.id]);
    expect(order).toHaveLength(all.length);
    expect({ reason, rule }).toEqual({
      reason: 'the rule "task_type json_output"',
      rule: 'task_type json_output',
    });
  });

  it('leave everything else to the strategy', () => {
    const given = taskSnapshot('code_generation', 'medium');
    expect(strategy.rank(all, given)).toEqual({ ...bestForTask().rank(all, given), removed: [] });
  });

  it('go to the fallback where the model is out, and are passed over where everybody is', () => {
    const given = taskSnapshot('json_output', 'medium');
    expect(ids(strategy.rank([sonnet, haiku], given).order)[0]).toBe(sonnet.id);
    const { reason, rule } = strategy.rank([haiku, gpt35], given);
    expect(reason).toContain('; the rule "task_type json_output" names nobody who is left');
    expect(rule).toBeUndefined();
  });

  it('are passed over when their uses of the day are spent', () => {
    const given = taskSnapshot('complex_reasoning', 'high');
    const used = (uses: number) =>
      strategy.rank(all, { ...given, ruleUses: new Map([['task_complexity high', uses]]) });
    expect(used(9).rule).toBe('task_complexity high');
    expect(used(10).rule).toBeUndefined();
    expect(used(10).reason).toContain('; the rule "task_complexity high" has had its 10 uses today');
  });

  it('ask for what they look at and for no more', () => {
    const needs = (...some: Rule[]) => withRules({ ...bestForTask(), needs: [] }, { rules: some }).needs;
    expect(needs({ name: 'default', model: 'x' })).toEqual([]);
    expect(needs(...rules)).toEqual(['prompt', 'task']);
  });

  it('may name models that nobody else may choose', () => {
    const only = withRules(bestForTask(), { rules, onlyByRule: new Set([opus.id]) });
    expect(ids(only.rank(all, taskSnapshot('complex_reasoning', 'high')).order)[0]).toBe(opus.id);
    const { order, removed } = only.rank(all, taskSnapshot('code_review', 'medium'));
    expect(ids(order)).not.toContain(opus.id);
    expect(removed).toEqual([{ candidate: opus.id, kind: 'not-in-strategy', reason: 'only a rule chooses it' }]);
  });

  it('are a strategy of their own with a default, else another strategy where none holds', () => {
    const custom = customRules({
      rules: [...rules, { name: 'default', model: 'openai.gpt35' }],
      otherwise: bestForTask(),
    });
    expect(custom.name).toBe('custom_rules');
    expect(ids(custom.rank(all, taskSnapshot('code_review', 'medium')).order)[0]).toBe(gpt35.id);
    const without = customRules({ rules, otherwise: bestForTask() });
    expect(ids(without.rank(all, taskSnapshot('code_review', 'medium')).order)[0]).toBe(sonnet.id);
  });
});
