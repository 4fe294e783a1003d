import { expect, it } from 'vitest';
import { countExports, type Declaration, undocumented } from '../undocumented.ts';

const said = { summary: [{ text: 'What it is.' }] };
const at = (line: number) => [{ fileName: 'packages/a/src/b.ts', line }];
const project = (...children: Declaration[]): Declaration => ({
  name: 'Signalbox',
  kind: 1,
  children: [{ name: 'packages/a/src', kind: 2, children }],
});

it('an export without a word is named with its place', () => {
  const found = undocumented(
    project(
      { name: 'told', kind: 256, comment: said, sources: at(1) },
      { name: 'silent', kind: 256, sources: at(2) },
      { name: 'blank', kind: 32, comment: { summary: [{ text: ' \n' }] }, sources: at(3) },
    ),
  );
  expect(found).toEqual(['packages/a/src/b.ts:2 silent', 'packages/a/src/b.ts:3 blank']);
});

it("a function's word stands at its signature", () => {
  const call = (comment?: typeof said): Declaration => ({
    name: 'make',
    kind: 64,
    sources: at(1),
    signatures: [{ name: 'make', kind: 4096, ...(comment === undefined ? {} : { comment }) }],
  });
  expect(undocumented(project(call(said)))).toEqual([]);
  expect(undocumented(project(call()))).toHaveLength(1);
  expect(countExports(project(call(), call(said)))).toBe(2);
});

it('a second name of something says what the first says', () => {
  expect(undocumented(project({ name: 'again', kind: 4_194_304, sources: at(1) }))).toEqual([]);
});
