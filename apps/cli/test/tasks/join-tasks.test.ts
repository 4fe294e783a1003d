import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinTasks, splitAnswer } from '../../src/tasks/join-tasks.ts';

const tasks = ['one', 'two', 'three'].map((text) => ({ title: text, text }));

/** What a model that does as it is told would write. */
const written = (answers: readonly string[], mark: string) =>
  answers.map((answer, index) => `[[answer ${index + 1} ${mark}]]\n${answer}`).join('\n\n');

describe('several tasks in one request', () => {
  it('ask for what is common to them once', () => {
    const { text } = joinTasks(tasks, 'Review it.');
    expect(text.match(/Review it\./g)).toHaveLength(1);
    for (const { text: subject } of tasks) expect(text).toContain(subject);
  });

  it('come apart again, whatever the answers are', () => {
    const { mark } = joinTasks(tasks);
    const answer = fc
      .string({ minLength: 1 })
      .map((text) => text.trim())
      .filter((text) => text !== '');
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 6 }), (answers) => {
        fc.pre(answers.every((one) => !one.includes(mark)));
        expect(splitAnswer(written(answers, mark), answers.length, mark, true)).toEqual(answers);
      }),
    );
  });

  it('are told apart where the model dresses the marks up', () => {
    const text = 'Sure!\n\n**[[answer 1 abc]]**\nfirst\n### [[Answer 2 abc]]\nsecond\n> `[[answer 3 abc]]`:\nthird';
    expect(splitAnswer(text, 3, 'abc', true)).toEqual(['first', 'second', 'third']);
  });

  it.each([
    ['no mark at all', 'first and second', true, [undefined, undefined]],
    ['a mark that is missing', '[[answer 2 abc]]\nsecond', true, [undefined, 'second']],
    [
      'a mark that stands twice',
      '[[answer 1 abc]]\na\n[[answer 1 abc]]\nb\n[[answer 2 abc]]\nc',
      true,
      [undefined, 'c'],
    ],
    ['marks out of order', '[[answer 2 abc]]\nb\n[[answer 1 abc]]\na', true, [undefined, 'b']],
    ['an empty answer', '[[answer 1 abc]]\n\n[[answer 2 abc]]\nb', true, [undefined, 'b']],
    ['an answer that was cut', '[[answer 1 abc]]\na\n[[answer 2 abc]]\nb', false, ['a', undefined]],
    ['a mark of somebody else', '[[answer 1 xyz]]\na\n[[answer 2 xyz]]\nb', true, [undefined, undefined]],
    ['a number that nobody asked for', '[[answer 1 abc]]\na\n[[answer 3 abc]]\nc\n', true, ['a', undefined]],
  ])('%s is no answer', (_, text, whole, answers) => {
    expect(splitAnswer(text, 2, 'abc', whole)).toEqual(answers);
  });
});
