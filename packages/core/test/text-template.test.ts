import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextTemplate } from '../src/index.ts';

const event = (text: string, rest: object = { finish_reason: null }) =>
  JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: { content: text }, ...rest }] });

function learned(text = ' hello'): ReturnType<typeof createTextTemplate> {
  const template = createTextTemplate();
  template.learn(event(text), text);
  return template;
}

describe('a text template', () => {
  it('reads the text of every event of the same shape as JSON.parse would', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(learned().match(event(text))).toBe(text);
      }),
    );
  });

  it('never gives another text than JSON.parse, whatever comes', () => {
    const texts = fc.string({
      unit: fc.constantFrom('"', '\\', ',', ':', '{', '}', 'a', 'content', 'null', '\\u0041', ' '),
    });
    fc.assert(
      fc.property(texts, texts, (text, raw) => {
        for (const data of [
          event(text),
          event(text, { finish_reason: 'stop' }),
          event('x').replace('"x"', `"${raw}"`),
        ]) {
          const match = learned().match(data);
          if (match === undefined) continue;
          const parsed = JSON.parse(data) as { choices: { delta: { content: string } }[] };
          expect(parsed.choices[0]?.delta.content).toBe(match);
        }
      }),
    );
  });

  it('passes over fields that may be others each time, and over those alone', () => {
    const numbered = (text: string, sequence: number, padding: string) =>
      JSON.stringify({ type: 'delta', sequence_number: sequence, delta: text, obfuscation: padding });
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.nat(),
        fc.stringMatching(/^[A-Za-z0-9]{0,16}$/),
        (text, sequence, padding) => {
          const template = createTextTemplate(['sequence_number', 'obfuscation']);
          template.learn(numbered(' hello', 1, 'abc'), ' hello');
          expect(template.match(numbered(text, sequence, padding))).toBe(text);
          expect(template.match(numbered(text, sequence, padding).replace('"delta"', '"done"'))).toBeUndefined();
        },
      ),
    );
  });

  it('leaves events of another shape to the parser', () => {
    expect(learned().match(event('x', { finish_reason: 'stop' }))).toBeUndefined();
    expect(learned().match('{"error":{}}')).toBeUndefined();
    expect(createTextTemplate().match(event('x'))).toBeUndefined();
  });

  it('learns nothing from a text that stands twice, or says too little', () => {
    const template = createTextTemplate();
    template.learn('{"a":"same","b":"same"}', 'same');
    expect(template.match('{"a":"same","b":"same"}')).toBeUndefined();
    template.learn('{"a":"x"}', 'x');
    expect(template.match('{"a":"y"}')).toBeUndefined();
  });
});
