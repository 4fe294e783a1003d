import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linesOf, parse } from './parse.ts';

function modelOf(written: string, env: Readonly<Record<string, string | undefined>> = {}): string | undefined {
  return parse(JSON.stringify({ router: { default_model: written } }), { env }).configuration.defaultModel;
}

describe('variables in values', () => {
  test.each([
    ['${A}', 'a'],
    ['x-${A}-${B}', 'x-a-b'],
    ['${NONE:-default}', 'default'],
    ['${EMPTY:-default}', 'default'],
    ['${A:-default}', 'a'],
    ['${NONE:-${B}}', 'b'],
    ['${NONE:-${NEITHER:-deep}}', 'deep'],
    ['$${A}', '${A}'],
    ['$A costs $5', '$A costs $5'],
  ])('%s is %s', (written, expected) => {
    expect(modelOf(written, { A: 'a', B: 'b', EMPTY: '' })).toBe(expected);
  });

  test('are read as what the setting needs', () => {
    const env = { ON: 'false', LIMIT: '12.50', WAIT: '5s', SHARE: '80%' };
    const { configuration } = parse(
      'router: {enabled: "${ON}"}\nbudget: {daily: "${LIMIT}"}\nretry: {timeout: "${WAIT}"}\ncost_tracking: {alert_threshold: "${SHARE}"}',
      { env },
    );
    expect(configuration).toMatchObject({
      enabled: false,
      budget: { daily: 12_500_000_000, alertThreshold: 0.8 },
      retry: { timeoutMs: 5000 },
    });
  });

  test('a key stays text, whatever it looks like', () => {
    const { configuration } = parse('providers:\n  openai:\n    api_key: ${K}\n', { env: { K: '12345' } });
    expect(configuration.providers.openai?.apiKey).toBe('12345');
  });

  test.each([{}, { K: '' }])(
    'a key whose variable is not set or empty is absent, its variable remembered (%j)',
    (env) => {
      const { configuration } = parse('providers:\n  openai:\n    api_key: ${K}\n', { env });
      expect(configuration.providers.openai).toMatchObject({ id: 'openai', apiKeyVariable: 'K' });
      expect(configuration.providers.openai?.apiKey).toBeUndefined();
    },
  );

  test('elsewhere a variable that is not set is one error with its position', () => {
    expect(linesOf('providers:\n  local:\n    endpoint: http://${HOST}:11434\n')).toEqual([
      'router-config.yml:3:15 providers.local.endpoint: the variable HOST is not set: set it, or write ${HOST:-default}.',
    ]);
    expect(linesOf('quality_mode:\n  model: ${M}\n')).toHaveLength(1);
  });

  test('names that objects have by nature are not set', () => {
    expect(linesOf('router: {default_model: "${constructor}"}')[0]).toContain('constructor is not set');
  });

  test.each(['${}', '${1A}', '${A', '${A:-x', '${A-x}'])('%s is refused', (written) => {
    expect(() => modelOf(written, { A: 'a' })).toThrow(/default_model: a "\$\{" (that is not a variable|without)/);
  });

  test('any text comes through when its "${" are escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-', 'x') }), (text) => {
        fc.pre(text !== '');
        expect(
          modelOf(
            text.replaceAll('${', () => '$${'),
            { A: 'a' },
          ),
        ).toBe(text);
      }),
    );
  });

  test('a value is put in as it is and not read again', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        fc.pre(value.trim() === value && value !== '');
        expect(modelOf('${A}', { A: value, B: 'b' })).toBe(value);
      }),
    );
  });
});
