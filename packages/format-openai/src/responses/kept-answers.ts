import { asObject, isJsonObject, type KeptAnswers, type KeptQuestion } from '@signalbox/core';
import { decodeFinish, isWaiting } from './finish.ts';
import { decodeUsage } from './usage.ts';

/** `/v1/responses/{id}` and what stands below it. */
const PATH = /^\/(?:v\d+\/)?responses\/(?<id>[^/?]+)(?<rest>\/[a-z_]+)?(?<query>\?.*)?$/;

/** What may be done with a stored response, by method and what stands behind its id. */
const ACTIONS: Readonly<Record<string, Pick<KeptQuestion, 'method' | 'readsAnswer'>>> = {
  'GET ': { method: 'GET', readsAnswer: true },
  'DELETE ': { method: 'DELETE', readsAnswer: false },
  'POST /cancel': { method: 'POST', readsAnswer: true },
  'GET /input_items': { method: 'GET', readsAnswer: false },
};

/** Responses that were stored: to be read, deleted and, while they are made in the background, cancelled (API reference of the Responses API). */
export const keptAnswers: KeptAnswers = {
  question(method, path) {
    const { id, rest = '', query = '' } = PATH.exec(path)?.groups ?? {};
    const action = Object.hasOwn(ACTIONS, `${method} ${rest}`) ? ACTIONS[`${method} ${rest}`] : undefined;
    if (id === undefined || action === undefined) return undefined;
    const name = decoded(id);
    if (name === undefined) return undefined;
    const stream = `${method} ${rest}` === 'GET ' && new URLSearchParams(query).get('stream') === 'true';
    return { ...action, id: name, path: `/responses/${encodeURIComponent(name)}${rest}${query}`, stream };
  },
  ending(body) {
    const whole = asObject(body);
    const response = asObject(whole?.response) ?? whole;
    if (!isJsonObject(response) || response.object !== 'response' || isWaiting(response.status)) return undefined;
    return {
      finish:
        response.status === 'failed'
          ? { reason: 'error', rawReason: 'failed' }
          : decodeFinish(response, { calledTools: false, refused: false }),
      usage: decodeUsage(response),
    };
  },
};

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
