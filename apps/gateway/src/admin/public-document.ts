import * as z from 'zod';
import { openApi } from './admin-schemas.ts';
import { type OpenApiDocument, openApiDocument } from './openapi-document.ts';

const text = z.string();
const failure = z.looseObject({ error: z.looseObject({ message: text }) });
const UNKNOWN = { description: 'No key, or a wrong one.', schema: failure };
const TOO_LARGE = { description: 'The body is larger than what is taken.', schema: failure };
const state = z.strictObject({ status: text, reason: text.optional(), running: z.int().optional() });

const explanation = z.looseObject({
  winner: text.nullable().describe('provider/model that would be asked first; null where nobody is left.'),
  id: text,
  strategy: text,
  reason: text,
  order: z.array(z.looseObject({ candidate: text, provider: text, model: text })),
  removed: z.array(z.looseObject({ candidate: text, kind: text, reason: text })),
});

const model = z.looseObject({ id: text });
const role = z.enum(['system', 'developer', 'user', 'assistant', 'tool']);
const asked = { model: text.optional() };
const question = z.union([
  z.looseObject({ ...asked, prompt: text }),
  z
    .looseObject({ ...asked, messages: z.array(z.looseObject({ role })).min(1) })
    .describe('A request of Chat Completions.'),
]);

const verdict = z.enum(['good', 'bad']);
const judgement = z.looseObject({
  id: text.regex(/\S/).describe('The id in x-signalbox-decision, the beginning of one, or "last".'),
  verdict,
  note: text.optional(),
});
const judged = z.strictObject({
  id: text,
  candidate: text.describe('provider/model that had answered.'),
  verdict,
  counts: z
    .boolean()
    .describe('Whether it counts: of an answer that was made up, or not analysed, it is only written down.'),
});

const models = z.looseObject({ data: z.array(model) });
const providers = z.looseObject({ providers: z.array(z.looseObject({ provider: text, state: text })) });

/** The document of what is the gateway's own: the APIs of vendors are described by their vendors. */
export function publicDocument(): OpenApiDocument {
  const description =
    'Beside these the gateway answers the APIs of OpenAI, Anthropic, Google and Ollama at their own paths: docs/gateway.md.';
  return openApiDocument(
    { title: 'Signalbox gateway', version: '1', description },
    [
      {
        method: 'get',
        path: '/healthz',
        open: true,
        summary: 'Whether the process is alive.',
        answers: {
          200: { description: 'It is.', schema: state },
          503: { description: 'It drains.', schema: state },
        },
      },
      {
        method: 'get',
        path: '/readyz',
        open: true,
        summary: 'Whether requests can be answered.',
        answers: {
          200: { description: 'They can.', schema: state },
          503: { description: 'They can not; the reason says why.', schema: state },
        },
      },
      {
        method: 'get',
        path: '/health/providers',
        summary: 'Breakers, parked keys and measured times of the providers.',
        answers: { 200: { description: 'The state.', schema: providers }, 401: UNKNOWN },
      },
      {
        method: 'get',
        path: '/metrics',
        summary: 'Counters for Prometheus, where the gateway counts.',
        answers: {
          200: { description: "In Prometheus's text format.", schema: text, contentType: 'text/plain' },
          401: UNKNOWN,
          404: { description: 'It does not count.', schema: failure },
        },
      },
      {
        method: 'get',
        path: '/openapi.json',
        open: true,
        summary: 'This document.',
        answers: { 200: { description: 'An OpenAPI 3.1 document.', schema: openApi } },
      },
      {
        method: 'get',
        path: '/v1/models',
        summary: "What may be asked for, in OpenAI's shape, or Anthropic's where anthropic-version is sent.",
        answers: {
          200: { description: 'Models and names that are routed.', schema: models },
          401: UNKNOWN,
        },
      },
      {
        method: 'get',
        path: '/v1/models/{model}',
        summary: 'One of them, in the same shape.',
        answers: {
          200: { description: 'The model.', schema: model },
          401: UNKNOWN,
          404: { description: 'The caller has no such model.', schema: failure },
        },
      },
      {
        method: 'post',
        path: '/v1/explain',
        summary: 'What would be done with a request. No call is made.',
        body: question,
        answers: {
          200: { description: 'The decision.', schema: explanation },
          400: { description: 'The request is none.', schema: failure },
          401: UNKNOWN,
          403: { description: 'The key may not use that model.', schema: failure },
          404: { description: 'There is no such model.', schema: failure },
          413: TOO_LARGE,
        },
      },
      {
        method: 'post',
        path: '/v1/feedback',
        summary: 'Says of an answer that it was good or bad: what is learned from it acts on later choices.',
        body: judgement,
        answers: {
          200: { description: 'It is written down.', schema: judged },
          400: { description: 'The request is none.', schema: failure },
          401: UNKNOWN,
          404: { description: 'The caller has no such answer.', schema: failure },
          413: TOO_LARGE,
          501: { description: 'This gateway keeps no ledger.', schema: failure },
        },
      },
    ],
    'gatewayKey',
  );
}
