import { type Part, responseEvents } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../src/index.ts';

const names = (part: Part) => openaiResponses.keptState?.nameOf(part);
const mayBring = (body: object) =>
  openaiResponses.keptState?.mayBring(new TextEncoder().encode(`${JSON.stringify(body)}`));
const partsOf = (...input: object[]) =>
  openaiResponses.server.decodeRequest({ model: 'm', input }, '/v1/responses').messages.flatMap(({ parts }) => parts);
const issued = (output: object[], more: object = {}) => {
  const body = { id: 'resp_1', object: 'response', status: 'completed', output, ...more };
  const response = openaiResponses.client.decodeResponse(body, { provider: 'p' });
  return [...responseEvents(response)].flatMap((event) => openaiResponses.keptState?.issuedBy(event) ?? []);
};

const PROOF = `gAAAA${'x'.repeat(100)}digest==`;
const text = (annotations: object[]) => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: [{ type: 'output_text', text: 'See.', annotations }],
});

describe('what an answer of the Responses API gives out', () => {
  it('are the ids of its items, encrypted reasoning, files and a conversation', () => {
    const reasoning = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: PROOF };
    const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' };
    const file = { type: 'container_file_citation', container_id: 'cntr_1', file_id: 'cfile_1' };
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const given = issued([reasoning, search, text([file]), call], { conversation: { id: 'conv_1' } });
    expect(given).toEqual(expect.arrayContaining(['rs_1', 'ws_1', 'msg_1', 'cfile_1', 'cntr_1', 'fc_1', 'conv_1']));
    const [part] = partsOf(reasoning);
    expect(given).toContain(part && names(part)?.name);
  });

  it('is named again by the callers', () => {
    const image = { role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] };
    const document = { role: 'user', content: [{ type: 'input_file', file_id: 'file-2' }] };
    const stored = { type: 'reasoning', id: 'rs_2', summary: [] };
    expect(partsOf(image, document, { type: 'item_reference', id: 'msg_1' }, stored).map(names)).toEqual([
      { name: 'file-1', parameter: 'input.file_id' },
      { name: 'file-2', parameter: 'input.file_id' },
      { name: 'msg_1', parameter: 'input.item_reference' },
      { name: 'rs_2' },
    ]);
  });

  it('is looked for only where the bytes may hold it', () => {
    expect(mayBring({ input: [{ type: 'item_reference', id: 'msg_1' }] })).toBe(true);
    expect(mayBring({ input: [{ type: 'reasoning', id: 'rs_1', summary: [] }] })).toBe(true);
    expect(mayBring({ input: [{ type: 'reasoning', summary: [], encrypted_content: PROOF }] })).toBe(true);
    expect(mayBring({ input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }] })).toBe(true);
    expect(mayBring({ input: [{ role: 'user', content: 'the rs_1 of "item_reference" and file_id' }] })).toBe(false);
  });
});
