import type { ModelRequest, ModelResponse } from '../packages/core/src/index.ts';

/** Something that a request can say. */
export interface RequestConcept {
  readonly name: string;
  /** Added to `BASE_REQUEST`. */
  readonly request: Partial<ModelRequest>;
}

/** Something that an answer can say. */
export interface AnswerConcept {
  readonly name: string;
  /** Added to `BASE_RESPONSE`. */
  readonly response: Partial<ModelResponse>;
  /** The part of an answer that says it, in a form that compares. */
  readonly said: (response: ModelResponse) => unknown;
}

/** Concepts that belong together: a table of the page. */
export interface Section<Concept> {
  readonly title: string;
  readonly concepts: readonly Concept[];
}

/** One question, which every format can carry without a word. */
export const BASE_REQUEST: ModelRequest = {
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'Is it raining?' }] }],
  maxOutputTokens: 4000,
};

/** One answer. */
export const BASE_RESPONSE: ModelResponse = {
  id: 'answer_1',
  model: 'some-model',
  createdAt: 1_760_000_000,
  parts: [{ type: 'text', text: 'No.' }],
  finish: { reason: 'stop' },
};
