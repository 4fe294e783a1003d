import type { ModelRequest, WireFormat } from '../../packages/core/src/index.ts';
import { anthropicMessages } from '../../packages/format-anthropic/src/index.ts';
import { openaiChat } from '../../packages/format-openai/src/index.ts';
import { HELD_ANSWER, PACED_ANSWER, type Workload } from '../load.ts';
import { requestOfSize } from '../translation-workload.ts';
import { MODEL } from './peer.ts';

/** The API that a caller speaks. Behind all peers stands Chat Completions. */
export type Api = 'chat' | 'messages';

/** How the provider is to answer. */
export type Answer = 'whole' | 'burst' | 'paced' | 'held';

/** A kind of request that every peer gets. */
export interface PeerWorkload {
  readonly name: string;
  readonly bytes: number;
  readonly answer: Answer;
  /** How many prompts are asked by turns. Default 1. */
  readonly prompts?: number;
}

export const BYTE_LANE: readonly PeerWorkload[] = [
  { name: '1 KB, whole answer', bytes: 1_000, answer: 'whole' },
  { name: '100 KB, whole answer', bytes: 100_000, answer: 'whole' },
  { name: '1 MB, whole answer', bytes: 1_000_000, answer: 'whole' },
  { name: '1 KB, burst of 200 events', bytes: 1_000, answer: 'burst' },
  { name: '1 KB, 50 events, 5 ms apart', bytes: 1_000, answer: 'paced' },
];

/** For what a kilobyte more costs. */
export const BODIES: readonly PeerWorkload[] = [1, 10, 100, 1_000].map((kilobytes) => ({
  name: `${kilobytes} KB, whole answer`,
  bytes: kilobytes * 1_000,
  answer: 'whole',
}));

export const TRANSLATED: readonly PeerWorkload[] = BYTE_LANE.filter((one) => one.answer !== 'paced');

const FORMATS: Readonly<Record<Api, WireFormat>> = { chat: openaiChat, messages: anthropicMessages };

/** Words that only a complete answer holds. */
const LAST: Readonly<Record<Answer, string>> = {
  whole: 'word word',
  burst: 'word199 ',
  paced: 'word50 ',
  held: 'word1 ',
};

/** The workload as one peer gets it, in the API that is asked for. */
export function workloadFor(workload: PeerWorkload, api: Api, model = MODEL): Workload {
  const { name, bytes, answer, prompts = 1 } = workload;
  return {
    name,
    body: bodiesOf(bodyOf(api, bytes, model, answer), prompts),
    requests: Number.POSITIVE_INFINITY,
    last: LAST[answer],
    // So that the last ones that were begun don't take longer than the measure itself, at a peer that takes a tenth of a second each.
    connections: answer === 'paced' ? 32 : bytes >= 1_000_000 ? 4 : 8,
  };
}

/** A request of about so many bytes in an API: small ones are a question, larger ones what an agent sends, with turns, a tool, calls and their results. */
export function bodyOf(api: Api, bytes: number, model = MODEL, answer: Answer = 'whole'): string {
  const conversation = requestOfSize(bytes);
  const system = answer === 'paced' ? PACED_ANSWER : answer === 'held' ? HELD_ANSWER : 'You are terse.';
  const request: ModelRequest =
    bytes < 3_000
      ? { system: [{ type: 'text', text: system }], messages: [question(bytes)], maxOutputTokens: 1_000 }
      : conversation;
  const context = { model, stream: answer !== 'whole', provider: 'bench', quirks: {} };
  return JSON.stringify(FORMATS[api].client.encodeRequest(request, context).body);
}

/** What the user says last in bodies of every size. */
const LAST_WORDS = /Explain this file\.|And now\?/;

/** A body as it is, and others that ask something else. */
export function bodiesOf(body: string, prompts: number): readonly string[] {
  return Array.from({ length: prompts }, (_, index) =>
    index === 0 ? body : body.replace(LAST_WORDS, (words) => `${words} Then file ${index}, as a list of changes.`),
  );
}

const question = (bytes: number): ModelRequest['messages'][number] => ({
  role: 'user',
  parts: [{ type: 'text', text: 'Explain this file. '.repeat(Math.ceil(bytes / 19)).slice(0, bytes - 100) }],
});
