import type { Message, Part } from '../../packages/core/src/index.ts';
import type { RequestConcept, Section } from '../concept.ts';

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

/** As each API spells the ids of its files. */
const FILE_IDS = {
  'openai-chat': 'file-abc',
  'openai-responses': 'file-abc',
  'anthropic-messages': 'file_011abc',
  gemini: 'https://generativelanguage.googleapis.com/v1beta/files/abc',
} as const;

/** A user's turn of a part and a question. */
function asked(part: Part): { messages: readonly Message[] } {
  return { messages: [{ role: 'user', parts: [part, { type: 'text', text: 'What is it?' }] }] };
}

function conversation(...messages: Message[]): { messages: readonly Message[] } {
  const question: Message = { role: 'user', parts: [{ type: 'text', text: 'Is it raining?' }] };
  return { messages: [question, ...messages] };
}

const answer: Message = { role: 'assistant', parts: [{ type: 'text', text: 'No.' }] };
const again: Message = { role: 'user', parts: [{ type: 'text', text: 'And now?' }] };

/** Prompts, turns and what stands in them. */
export const CONTENT: readonly Section<RequestConcept>[] = [
  {
    title: 'Instructions and turns',
    concepts: [
      { name: 'system text', request: { system: [{ type: 'text', text: 'Be brief.' }] } },
      {
        name: 'several system texts',
        request: {
          system: [
            { type: 'text', text: 'Be brief.' },
            { type: 'text', text: 'Be kind.' },
          ],
        },
      },
      {
        name: 'role developer (Chat Completions)',
        request: {
          system: [
            { type: 'text', text: 'Be brief.', extensions: { 'openai-chat/form': { message: { role: 'developer' } } } },
          ],
        },
      },
      {
        name: 'instruction in mid-conversation',
        request: conversation(answer, { role: 'system', parts: [{ type: 'text', text: 'Now in Polish.' }] }, again),
      },
      { name: 'several turns', request: conversation(answer, again) },
      { name: 'two turns of one role in a row', request: conversation(again, answer, again) },
      { name: 'a beginning of the answer (prefill)', request: conversation(answer) },
      { name: 'name of a participant', request: conversation(answer, { ...again, name: 'alice' }) },
      {
        name: 'a refusal of an earlier turn',
        request: conversation({ role: 'assistant', parts: [{ type: 'text', text: 'I won’t.', refusal: true }] }, again),
      },
    ],
  },
  {
    title: 'Images, documents, sound',
    concepts: [
      { name: 'image, base64', request: asked({ type: 'image', source: base64('image/png', PNG) }) },
      { name: 'image, address', request: asked({ type: 'image', source: url('https://example.com/a.png') }) },
      {
        name: 'image, file id of OpenAI',
        request: asked({ type: 'image', source: { kind: 'file', fileId: 'file-abc' } }),
      },
      ...(['anthropic-messages', 'openai-responses', 'gemini'] as const).map((owner) => ({
        name: `image, file id of a caller of ${owner}`,
        request: asked({ type: 'image', source: { kind: 'file', fileId: FILE_IDS[owner], owner } }),
      })),
      {
        name: 'detail of an image',
        request: asked({ type: 'image', source: base64('image/png', PNG), detail: 'low' }),
      },
      { name: 'PDF, base64', request: asked({ type: 'document', source: base64('application/pdf', 'JVBERi0=') }) },
      { name: 'PDF, address', request: asked({ type: 'document', source: url('https://example.com/a.pdf') }) },
      {
        name: 'PDF, file id of OpenAI',
        request: asked({ type: 'document', source: { kind: 'file', fileId: 'file-abc' } }),
      },
      ...(['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'] as const).map((owner) => ({
        name: `PDF, file id of a caller of ${owner}`,
        request: asked({ type: 'document', source: { kind: 'file', fileId: FILE_IDS[owner], owner } }),
      })),
      {
        name: 'text document',
        request: asked({ type: 'document', source: { kind: 'text', text: 'Once upon a time.' } }),
      },
      {
        name: 'title of a document',
        request: asked({ type: 'document', source: base64('application/pdf', 'JVBERi0='), title: 'report.pdf' }),
      },
      {
        name: 'context of a document',
        request: asked({ type: 'document', source: base64('application/pdf', 'JVBERi0='), context: 'From 2026.' }),
      },
      { name: 'sound', request: asked({ type: 'audio', source: base64('audio/wav', 'UklGRg==') }) },
      { name: 'video', request: asked({ type: 'video', source: base64('video/mp4', 'AAAAGGZ0') }) },
      {
        name: 'block that one format alone knows',
        request: asked({ type: 'opaque', format: 'somewhere-else', value: { type: 'novelty' } }),
      },
    ],
  },
];

function base64(mediaType: string, data: string) {
  return { kind: 'base64', mediaType, data } as const;
}

function url(address: string) {
  return { kind: 'url', url: address } as const;
}
