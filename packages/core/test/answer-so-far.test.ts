import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnswerRecord, estimateTokens, outputSoFar } from '../src/index.ts';

describe('the record of an answer', () => {
  it('holds every piece in its order, however many came and whenever somebody looked', () => {
    const answer = fc.array(fc.record({ piece: fc.string({ maxLength: 3 }), looked: fc.boolean() }), { maxLength: 40 });
    fc.assert(
      fc.property(answer, fc.integer({ min: 1, max: 40 }), (steps, times) => {
        const record = createAnswerRecord();
        record.startCall(7, { id: 'call', name: 'find' });
        let text = '';
        for (let round = 0; round < times; round += 1) {
          for (const { piece, looked } of steps) {
            record.addText(piece);
            record.addReasoning(piece);
            record.addArguments(7, piece);
            record.addOther(piece);
            text += piece;
            if (looked) expect(record.text).toBe(text);
          }
        }
        const written = record.calls[0]?.arguments;
        expect([record.text, record.reasoning, record.others, written]).toEqual([text, text, text, text]);
      }),
    );
  });

  it('weighs what was generated as its whole would be weighed, however often somebody asks in between', () => {
    const pieces = fc.array(
      fc.record({
        piece: fc.string({ unit: 'binary', maxLength: 8 }),
        where: fc.constantFrom('text', 'reasoning', 'arguments', 'others'),
        asked: fc.constantFrom('nothing', 'tokens', 'whole'),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(pieces, fc.constantFrom(1, 2, 30), (steps, times) => {
        const record = createAnswerRecord();
        record.startCall(7, { id: 'call', name: 'find' });
        for (let round = 0; round < times; round += 1) {
          for (const { piece, where, asked } of steps) {
            if (where === 'text') record.addText(piece);
            else if (where === 'reasoning') record.addReasoning(piece);
            else if (where === 'arguments') record.addArguments(7, piece);
            else record.addOther(piece);
            if (asked === 'tokens') record.outputTokens();
            if (asked === 'whole') outputSoFar(record);
          }
        }
        // Weights are no whole numbers: added in another order they may round up to the next token.
        expect(Math.abs(record.outputTokens() - estimateTokens(outputSoFar(record)))).toBeLessThanOrEqual(1);
      }),
    );
  });
});
