import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTextWindow } from '../src/lanes/text-window.ts';

const redact = (text: string) => text.replace(/\bsk-[a-z0-9]{4,12}\b|\d(?:[ -]?\d){5,7}/g, '[x]');

async function through(pieces: readonly string[], holdBack: number): Promise<readonly string[]> {
  const window = createTextWindow(async (text) => redact(text), holdBack);
  const given: string[] = [];
  for (const piece of pieces) given.push(await window.push(piece));
  given.push(await window.end());
  return given;
}

describe('a text that comes in pieces', () => {
  it('is changed as if it had come at once, wherever the pieces part it', async () => {
    const word = fc.oneof(
      fc.constantFrom('sk-abcd1234', 'sk-', '123 456', '12-34-56-78', ' ', '\n', '. ', 'ask-abcd', '😀', '1'),
      fc.string({ minLength: 1, maxLength: 6 }),
    );
    const pieces = fc.array(word, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.array(fc.integer({ min: 1, max: 9 })), async (words, sizes) => {
        const text = words.join('');
        const parts: string[] = [];
        for (let at = 0, turn = 0; at < text.length; turn += 1) {
          const size = sizes[turn % Math.max(1, sizes.length)] ?? 3;
          parts.push(text.slice(at, at + size));
          at += size;
        }
        expect((await through(parts, 32)).join('')).toBe(redact(text));
      }),
    );
  });

  it('goes on as soon as what follows is known, and never with half a character', async () => {
    const given = await through(
      Array.from({ length: 100 }, () => '😀 word '),
      16,
    );
    expect(given.filter((one) => one !== '').length).toBeGreaterThan(20);
    for (const piece of given) expect(piece.isWellFormed()).toBe(true);
  });

  it('is given out where a match grows without end', async () => {
    const window = createTextWindow(async (text) => text.replace(/#+/g, '[x]'), 8);
    let given = '';
    for (let count = 0; count < 500; count += 1) given += await window.push('#');
    expect(given).not.toContain('#');
    expect(given).toContain('[x]');
  });
});
