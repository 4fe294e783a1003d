import type { Complexity, TaskType } from '@signalbox/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCharacter } from '../../../testing/any-text.ts';
import { analysePrompt, analyseTask, createTaskAnalyser, sketchOf } from '../src/index.ts';

const NEEDS = {
  tools: false,
  vision: false,
  pdf: false,
  audio: false,
  jsonSchema: false,
  inputTokens: 10,
  maxOutputTokens: undefined,
};

describe('the kind of a task', () => {
  const examples: readonly (readonly [prompt: string, type: TaskType])[] = [
    ['Translate this paragraph into French: Good morning.', 'translation'],
    ['Give me the key points of the following article', 'summarization'],
    ['Write an OpenAPI description of the user endpoints', 'json_output'],
    ['Look over this pull request: please review the changes', 'code_review'],
    ['Write docstrings for this module', 'documentation'],
    ['Which correlation do you see in this dataset?', 'data_analysis'],
    ['How would you migrate our monolith to services?', 'complex_reasoning'],
    ['Write a haiku about rain', 'creative_writing'],
    ['Implement a rate limiter in Go', 'code_generation'],
    ['Who wrote War and Peace?', 'simple_query'],
  ];
  for (const [prompt, type] of examples) {
    it(`${type}: ${prompt}`, () => expect(analyseTask(prompt).type).toBe(type));
  }

  for (const [prompt, type] of [
    ['Describe this screenshot', 'image_analysis'],
    ['Read the label on the jar in the photo', 'image_analysis'],
    ['Write a script that crops images', 'code_generation'],
    ['List all the YAML files here', 'simple_query'],
    ['Rename the method getFoo to getBar', 'simple_query'],
  ] as const) {
    it(`${type}: ${prompt}`, () => expect(analyseTask(prompt).type).toBe(type));
  }

  it.each([
    'Hello there',
    'Hey, how are you?',
    'ok',
    'lol',
    '?',
    'go on',
    'no, the other one',
    'good morning',
    'merci',
    'Got it, thanks',
  ])('small talk is a small question: %s', (prompt) =>
    expect(analyseTask(prompt)).toMatchObject({ type: 'simple_query', complexity: 'low' }),
  );

  it('is decided by attachments and output format before words', () => {
    expect(analyseTask('Implement this', { ...NEEDS, vision: true }).type).toBe('image_analysis');
    expect(analyseTask('Who is she?', { ...NEEDS, jsonSchema: true }).type).toBe('json_output');
  });
});

describe('the complexity of a task', () => {
  const examples: readonly (readonly [prompt: string, complexity: Complexity])[] = [
    ['Rename the variable x to count', 'low'],
    ['Correct the typo in the heading', 'low'],
    ['What is the capital of Portugal?', 'low'],
    ['Implement the search feature and its unit tests', 'medium'],
    ['Review this function', 'medium'],
    ['Refactor the whole legacy code', 'high'],
    ['Design an architecture for a distributed queue', 'high'],
  ];
  for (const [prompt, complexity] of examples) {
    it(`${complexity}: ${prompt}`, () => expect(analyseTask(prompt).complexity).toBe(complexity));
  }

  it('has a figure from 0 to 1 in its reason', () => {
    for (const prompt of [
      'hi',
      'Thanks!',
      'Fix the typo in the readme',
      'Redesign the whole distributed legacy architecture',
    ]) {
      const figure = Number(/\((-?[\d.]+)\)/.exec(analyseTask(prompt).reason)?.[1]);
      expect(figure).toBeGreaterThanOrEqual(0);
      expect(figure).toBeLessThanOrEqual(1);
    }
  });

  it('is not low for a very long prompt, whatever it asks', () => {
    expect(analyseTask(`Show me what is in here: ${'some words '.repeat(3_000)}`).complexity).toBe('medium');
  });

  it('is medium for everything where nobody wants it judged', () => {
    const judge = (prompt: string) => analyseTask(prompt, undefined, { detectComplexity: false });
    expect(judge('Refactor the whole legacy code').complexity).toBe('medium');
    expect(judge('Correct the typo in the README')).toMatchObject({ type: 'documentation', complexity: 'medium' });
  });
});

it('looks at the last user turn, not at the system prompt or a tool result', () => {
  const profile = createTaskAnalyser().analyse(
    {
      system: [{ type: 'text', text: 'You design distributed architectures.' }],
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Write a poem' }] },
        { role: 'assistant', parts: [{ type: 'text', text: 'No.' }] },
        { role: 'user', parts: [{ type: 'text', text: 'What time is it?' }] },
        { role: 'assistant', parts: [{ type: 'tool-call', id: '1', name: 'clock', arguments: '{}' }] },
        {
          role: 'user',
          parts: [
            { type: 'tool-result', callId: '1', content: [{ type: 'text', text: 'refactor the legacy monolith' }] },
          ],
        },
      ],
    },
    NEEDS,
  );
  expect(profile).toMatchObject({ type: 'simple_query', complexity: 'low' });
});

it('looks at what the user says, not at what an agent adds to the turn', () => {
  const reminder =
    '<system-reminder>\nRefactor the whole legacy monolith. Design its architecture.\n</system-reminder>';
  expect(analyseTask(`${reminder}\nWhat time is it?${reminder}`)).toMatchObject({
    type: 'simple_query',
    complexity: 'low',
  });
  expect(analyseTask(reminder).complexity).toBe('high');
  expect(analyseTask('What time is it? <system-reminder> never closed').complexity).toBe('low');
});

it('does not mind please and thanks', () => {
  const bare = analyseTask('Refactor the payment module');
  for (const polite of [
    'Please Refactor the payment module',
    'Hi, Refactor the payment module\nThanks!',
    'Refactor the payment module. Thank you in advance.',
  ]) {
    expect(analyseTask(polite)).toMatchObject({ type: bare.type, complexity: bare.complexity });
  }
  expect(analyseTask('Thanks!').complexity).toBe('low');
});

it('finds the instruction behind what was pasted', () => {
  const pasted = 'Quarterly figures were in line with expectations. '.repeat(200);
  expect(analyseTask(`${pasted}\n\nGive me the gist of the text above in five bullets.`).type).toBe('summarization');
});

it('takes any text, and says why', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 5_000 }), (prompt) => {
      const profile = analyseTask(prompt);
      expect(profile.reason).not.toBe('');
      expect(profile.difficulty).toBeGreaterThanOrEqual(0);
      expect(profile.difficulty).toBeLessThanOrEqual(1);
    }),
  );
});

describe('how much a stronger model is needed', () => {
  const usefulness = (prompt: string) => analysePrompt(prompt).usefulness;

  it('goes by the size of the work, in three steps, where nothing like the prompt was measured', () => {
    const small = ['Rename the variable x to count', 'Fix the typo in the heading', 'What time is it?'];
    const large = ['Refactor the whole legacy code', 'Design an architecture for a distributed queue'];
    expect(new Set(small.map(usefulness))).toEqual(new Set([0.2]));
    expect(
      new Set(['Write a poem about the sea', 'Implement the search feature and its unit tests'].map(usefulness)),
    ).toEqual(new Set([0.3]));
    expect(new Set(large.map(usefulness))).toEqual(new Set([0.4]));
  });

  it('goes by the form of the question where questions like it were', () => {
    const bag = 'Mia buys 4 bags of apples with 6 apples each. How many apples does she have?';
    const farm =
      'A farmer sells 3 crates of plums at $12 each and twice as many crates of pears at $9 each. He pays a quarter of what he earns for the stall, and half of the rest for petrol. His sister earns $15 more than he has left. How many dollars do they have together?';
    expect(usefulness(farm)).toBeGreaterThan(usefulness(bag));
    expect([0.2, 0.3, 0.4]).not.toContain(usefulness(bag));
  });
});

it('an analyser says of a prompt what its analysis alone says, whichever prompts it has read before', () => {
  const analyser = createTaskAnalyser();
  const prompt = fc.constantFrom(
    'Implement this',
    'Who is she?',
    'Who is he?',
    'Fix \ud800 it',
    'Fix \ud801 it',
    'x'.repeat(20_000),
  );
  const asked = fc.record({ prompt, vision: fc.boolean(), jsonSchema: fc.boolean() });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 30 }), (turns) => {
      for (const { prompt: text, vision, jsonSchema } of turns) {
        const needs = { ...NEEDS, vision, jsonSchema };
        const request = { system: [], messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text }] }] };
        expect(analyser.analyse(request, needs)).toEqual(analyseTask(text, needs));
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 50) },
  );
});

it('the steps of one turn have one profile, and with it one sketch', () => {
  const analyser = createTaskAnalyser({ keepsSketches: true });
  const ask = (text: string, ...results: readonly string[]) =>
    analyser.analyse(
      {
        system: [],
        messages: [
          { role: 'user', parts: [{ type: 'text', text }] },
          ...results.map((result) => ({
            role: 'user' as const,
            parts: [{ type: 'tool-result' as const, callId: 'c', content: [{ type: 'text' as const, text: result }] }],
          })),
        ],
      },
      NEEDS,
    );
  const first = ask('Refactor the whole legacy code');
  expect(ask('Refactor the whole legacy code', 'a file', 'another')).toBe(first);
  expect(ask('Fix the typo')).not.toBe(first);
  expect(sketchOf(first)).toBeInstanceOf(Uint8Array);
});
