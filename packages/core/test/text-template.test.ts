import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../../testing/any-text.ts';
import { createTextTemplate, type StreamPiece } from '../src/index.ts';

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
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
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
        fc.string({ unit: anyCharacter }),
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

  it('passes over the blanks that some vendors pad their events with', () => {
    const template = createTextTemplate();
    template.learn('{"type":"delta","delta":{"text":"Hello"}      }', 'Hello');
    expect(template.match('{"type":"delta","delta":{"text":" world"}}')).toBe(' world');
    expect(template.match('{"type":"delta","delta":{"text":" world"}            }')).toBe(' world');
    expect(template.match('{"type":"delta","delta":{"text":" world"}     ]')).toBeUndefined();
  });

  it('learns from a text of one character', () => {
    const template = createTextTemplate();
    template.learn('{"a":"x"}', 'x');
    expect(template.match('{"a":"信"}')).toBe('信');
  });

  it('learns nothing where it can not be told which text is meant', () => {
    for (const [data, text] of [
      ['{"a":"same","b":"same"}', 'same'],
      // The text is written with an escape, and what looks like it is another field.
      ['{"a":"\\u0073top","reason":"stop"}', 'stop'],
      // Not a value, but a name; and nothing that the event holds.
      ['{"same":1}', 'same'],
      ['{"a":"b"}', '":"'],
      ['no JSON: "same"', 'same'],
    ] as const) {
      const template = createTextTemplate();
      template.learn(data, text);
      expect(template.match(data)).toBeUndefined();
    }
  });

  it('takes nothing for a number or a text that JSON would not', () => {
    const template = createTextTemplate(['n', 's']);
    template.learn('{"n":1,"s":"x","a":"hello"}', 'hello');
    expect(template.match('{"n":20,"s":"yz","a":"b"}')).toBe('b');
    for (const data of [
      '{"n":01,"s":"x","a":"b"}',
      '{"n":,"s":"x","a":"b"}',
      '{"n":1.5,"s":"x","a":"b"}',
      '{"n":1,"s":"x\u0001","a":"b"}',
      '{"n":1,"s":"x","a":"b\u0001"}',
      '{"n":1,"s":"x","a":"\\x"}',
    ]) {
      expect(template.match(data)).toBeUndefined();
    }
  });

  describe('reading a run of events off a piece', () => {
    const HEAD = 'data: ';
    const pieceOf = (stream: string | Buffer): StreamPiece => {
      const bytes = Buffer.from(stream as string);
      return {
        bytes: bytes.toString('latin1'),
        slice: (start, end) => bytes.toString('utf8', start, end),
        raw: (start, end) => bytes.subarray(start, end),
      };
    };
    const read = (stream: string | Buffer, template = learned()) => {
      const piece = pieceOf(stream);
      let read = '';
      const end = template.run(piece, 0, HEAD, (text) => {
        read += text;
      });
      return { read, rest: Buffer.from(piece.bytes, 'latin1').subarray(end).toString() };
    };

    it('gives the texts of the events that fit, and leaves everything from the first other one on', () => {
      const text = fc.string({ unit: 'grapheme', minLength: 1 });
      const odd = fc.constantFrom(
        `${HEAD}${event('x', { finish_reason: 'stop' })}\n\n`,
        `${HEAD}${event('')}\n\n`,
        `${HEAD}[DONE]\n\n`,
        ': comment\n\n',
        `event: ping\n${HEAD}{}\n\n`,
        `${HEAD}${event('cut')}`,
        `${HEAD}${event('lines')}\r\n\r\n`,
        '',
      );
      fc.assert(
        fc.property(fc.array(text), odd, fc.array(text), (texts, other, more) => {
          const frames = (all: readonly string[]) => all.map((one) => `${HEAD}${event(one)}\n\n`).join('');
          const behind = other === '' ? '' : other + frames(more);
          expect(read(frames(texts) + behind)).toEqual({ read: texts.join(''), rest: behind });
        }),
      );
    });

    it('reads one text alone as it reads several, long or short, plain, wide or escaped, and under another head', () => {
      const template = learned();
      for (const text of [
        'a',
        ' a word ',
        'twelve chars',
        'thirteen char',
        'a word that is longer',
        'é',
        '–',
        'a\n"',
        '😀',
      ]) {
        for (const head of [HEAD, `event: delta\n${HEAD}`]) {
          const read: string[] = [];
          const piece = pieceOf(`${head}${event(text)}\n\n`);
          expect(template.run(piece, 0, head, (one) => read.push(one))).toBe(piece.bytes.length);
          expect(read).toEqual([text]);
        }
      }
    });

    it('ends before a text that is none in JSON, and keeps what came before it', () => {
      for (const raw of ['\\x', '\\u12g4', '\\u123', 'a\u0001b', '\\']) {
        const bad = `${HEAD}${event('@').replace('@', raw)}\n\n`;
        const good = `${HEAD}${event('a\n"é')}\n\n`;
        expect(read(good + bad + good)).toEqual({ read: 'a\n"é', rest: bad + good });
      }
    });

    it('puts nothing together that two events have of one character: their readers do not either', () => {
      const whole = Buffer.from(`${HEAD}${event('é')}\n\n`);
      const at = whole.indexOf('é');
      const [first, second] = [at, at + 1].map((place) =>
        Buffer.concat([whole.subarray(0, at), whole.subarray(place, place + 1), whole.subarray(at + 2)]),
      ) as [Buffer, Buffer];
      expect(read(Buffer.concat([first, second])).read).toBe('\ufffd');
      expect(read(Buffer.concat([first, second])).rest).toBe(second.toString());
    });

    it('leaves the mark of byte order where it stands in a text, and half of a character that is escaped', () => {
      const texts = ['\ufeff', 'a', '\ud83d', '\ude00'];
      const stream = texts.map((text) => `${HEAD}${event(text)}\n\n`).join('');
      expect(read(stream)).toEqual({ read: texts.join(''), rest: '' });
    });

    it('reads a piece that is larger than any before', () => {
      const text = 'wörter '.repeat(9_000);
      expect(read(`${HEAD}${event(text)}\n\n${HEAD}${event(text)}\n\n`)).toEqual({ read: text + text, rest: '' });
    });

    it('passes over fields that are others each time', () => {
      const template = createTextTemplate(['obfuscation']);
      const padded = (text: string, padding: string) => JSON.stringify({ delta: text, obfuscation: padding });
      template.learn(padded('a', 'x1'), 'a');
      const stream = `${HEAD}${padded('b', 'yy2')}\n\n${HEAD}${padded('c', '')}\n\n`;
      expect(read(stream, template)).toEqual({ read: 'bc', rest: '' });
    });

    it('reads nothing before it has learned, and nothing around which other than ASCII stands', () => {
      const stream = `${HEAD}${event('b')}\n\n`;
      expect(read(stream, createTextTemplate()).read).toBe('');
      const template = createTextTemplate();
      template.learn(event('a', { name: 'é' }), 'a');
      expect(read(`${HEAD}${event('b', { name: 'é' })}\n\n`, template).read).toBe('');
    });
  });
});

describe('a shape that was learned in another stream', () => {
  const chunk = (id: string, text: string, number = 1) =>
    JSON.stringify({ id, number, choices: [{ index: 0, delta: { content: text }, why: null }] });
  const textOf = (data: string) => JSON.parse(data).choices[0].delta.content as string;

  it('is filled with what this stream says, and read as JSON.parse would', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), fc.nat(), (id, text, other, number) => {
        createTextTemplate().learn(chunk('a1', 'hello', 7), 'hello');
        const template = createTextTemplate();
        template.learn(chunk(id, text, number), text);
        for (const next of [chunk(id, other, number), chunk(`${id}x`, other, number), chunk(id, other, number + 1)]) {
          const found = template.match(next);
          if (found !== undefined) expect(found).toBe(textOf(next));
        }
        // Only the text may differ.
        expect(template.match(chunk(`${id}x`, other, number))).toBeUndefined();
      }),
    );
  });

  it('is no help where the text stands in the event twice, be it written otherwise', () => {
    createTextTemplate().learn(chunk('a1', 'hello'), 'hello');
    for (const twice of [chunk('hi', 'hi'), chunk('hX', 'hi').replace('hX', 'h\\u0069')]) {
      const template = createTextTemplate();
      template.learn(twice, 'hi');
      expect(template.match(twice)).toBeUndefined();
    }
  });

  it('is another where a member stands twice', () => {
    createTextTemplate().learn('{"a":"x","b":"hello"}', 'hello');
    const template = createTextTemplate();
    template.learn('{"a":"x","b":"hello","b":"y"}', 'hello');
    expect(template.match('{"a":"x","b":"other","b":"y"}')).toBeUndefined();
  });
});
