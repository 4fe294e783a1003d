import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AnswerKeeper, startAnswerKeeper } from './answer-keeper.ts';
import { createSandbox, finished, firstMatch, type Sandbox } from './run-cli.ts';

let keeper: AnswerKeeper;
let sandbox: Sandbox;
beforeEach(async () => {
  keeper = await startAnswerKeeper();
  sandbox = createSandbox();
});
afterEach(async () => {
  sandbox.remove();
  await keeper.close();
});

const provider = (name: string, keys: string) =>
  `  ${name}: { type: openai-responses, endpoint: "${keeper.url}/${name}/v1", api_keys: [${keys}], models: [gpt-5-mini] }`;
const configure = (...providers: readonly string[]) =>
  sandbox.write(
    '.claude-code/router-config.yml',
    `providers:\n${providers.join('\n')}\nretry: { max_attempts: 1 }\nbudget: { daily: 100 }\n`,
  );
const usual = () => configure(provider('one', 'one-secret-a'), provider('two', 'two-secret-a, two-secret-b'));

interface Gateway {
  readonly url: string;
  reload(): Promise<void>;
}

/** A gateway while `work` runs. */
async function whileServing<Value>(
  work: (gateway: Gateway) => Promise<Value>,
  words: readonly string[] = [],
): Promise<Value> {
  const child = sandbox.start(['serve', '--port', '0', ...words]);
  const ended = finished(child);
  let said = '';
  child.stderr.on('data', (chunk: Uint8Array) => {
    said += Buffer.from(chunk).toString();
  });
  try {
    const [, url = ''] = await firstMatch(child.stderr, /serves on (http:\S+)/);
    return await work({
      url,
      async reload() {
        child.kill('SIGHUP');
        await expect.poll(() => said, { timeout: 15_000 }).toMatch(/configuration is in effect/);
      },
    });
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** Each on a connection of its own, so that workers get them in turns. */
async function call(url: string, method: string, path: string, body?: object, key?: string) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

const asks = { input: 'How far is the moon?' };
const atTwo = { ...asks, model: 'two/gpt-5-mini' };
/** Would go to the first provider by itself. */
const goesOn = (id: string, fields: object = {}) => ({
  ...asks,
  model: 'auto',
  previous_response_id: id,
  ...fields,
});
const idOf = (text: string) => /"id":"(resp_\w+)"/.exec(text)?.[1] ?? '';

async function makeKey(name: string): Promise<string> {
  const { stdout, stderr, code } = await sandbox.run(['keys', 'create', name]);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

describe('who keeps an answer', () => {
  it('is known to every worker as soon as the answer is there', async () => {
    usual();
    await whileServing(
      async ({ url }) => {
        for (let turn = 0; turn < 8; turn += 1) {
          const first = await call(url, 'POST', '/v1/responses', { ...atTwo, stream: turn % 2 === 0 });
          const made = keeper.arrived.at(-1);
          const next = await call(url, 'POST', '/v1/responses', goesOn(idOf(first.text)));
          expect(next.status, next.text).toBe(200);
          expect(keeper.arrived.at(-1)).toMatchObject({ call: 'POST /two/v1/responses', key: made?.key });
          const read = await call(url, 'GET', `/v1/responses/${idOf(first.text)}`);
          expect(read.status, read.text).toBe(200);
          expect(keeper.arrived.at(-1)?.key).toBe(made?.key);
        }
      },
      ['--workers', '2'],
    );
  });

  it('is nobody else’s at any worker', async () => {
    usual();
    const [mine, others] = [await makeKey('mine'), await makeKey('others')];
    await whileServing(
      async ({ url }) => {
        const made = await call(url, 'POST', '/v1/responses', atTwo, mine);
        for (let turn = 0; turn < 4; turn += 1) {
          const next = await call(url, 'POST', '/v1/responses', goesOn(made.body.id), others);
          expect(next).toMatchObject({
            status: 400,
            body: { error: { message: expect.stringMatching(/nothing that was made with this key/) } },
          });
          expect((await call(url, 'GET', `/v1/responses/${made.body.id}`, undefined, others)).status).toBe(404);
        }
        expect(keeper.arrived).toHaveLength(1);
        for (let turn = 0; turn < 2; turn += 1) {
          expect((await call(url, 'GET', `/v1/responses/${made.body.id}`, undefined, mine)).status).toBe(200);
        }
      },
      ['--workers', '2'],
    );
  });

  it('is known to another gateway of the same user, after a reload and after a restart', async () => {
    usual();
    const id = await whileServing(async ({ url, reload }) => {
      const made = (await call(url, 'POST', '/v1/responses', atTwo)).body.id;
      await whileServing(async (other) => {
        expect((await call(other.url, 'POST', '/v1/responses', goesOn(made))).status).toBe(200);
        expect(keeper.arrived.at(-1)?.call).toBe('POST /two/v1/responses');
      });
      // The order of the keys is no matter.
      configure(provider('one', 'one-secret-a'), provider('two', 'two-secret-b, two-secret-a'));
      await reload();
      expect((await call(url, 'POST', '/v1/responses', goesOn(made))).status).toBe(200);
      expect(keeper.arrived.at(-1)).toMatchObject({ call: 'POST /two/v1/responses', key: keeper.arrived[0]?.key });
      return made;
    });
    await whileServing(async ({ url }) => {
      expect((await call(url, 'GET', `/v1/responses/${id}`)).status).toBe(200);
      expect(keeper.arrived.at(-1)?.key).toBe(keeper.arrived[0]?.key);
      const next = await call(url, 'POST', '/v1/responses', {
        model: 'auto',
        input: [{ type: 'item_reference', id: 'msg_1' }],
      });
      expect(next.status, next.text).toBe(200);
      expect(keeper.arrived.at(-1)).toMatchObject({ call: 'POST /two/v1/responses', key: keeper.arrived[0]?.key });
      expect((await call(url, 'DELETE', `/v1/responses/${id}`)).status).toBe(200);
      expect((await call(url, 'GET', `/v1/responses/${id}`)).status).toBe(404);
    });
    const written = readFileSync(join(sandbox.home, '.claude-code/signalbox.db'), 'latin1');
    expect(written).not.toContain('secret');
  });

  it('is said where the provider is gone, or the key that made it', async () => {
    usual();
    const id = await whileServing(async ({ url }) => (await call(url, 'POST', '/v1/responses', atTwo)).body.id);
    configure(provider('one', 'one-secret-a'), provider('two', 'two-secret-c'));
    await whileServing(async ({ url }) => {
      // Another key of the same account reaches it.
      expect((await call(url, 'POST', '/v1/responses', goesOn(id))).status).toBe(200);
      keeper.kept.clear();
      const gone = /a key of two that is not in the configuration any more/;
      for (const [method, path, body] of [
        ['POST', '/v1/responses', goesOn(id)],
        ['GET', `/v1/responses/${id}`, undefined],
      ] as const) {
        const answer = await call(url, method, path, body);
        expect(answer.status).toBe(method === 'POST' ? 400 : 404);
        expect(answer.body.error.message).toMatch(gone);
      }
    });
    configure(provider('one', 'one-secret-a'), provider('second', 'two-secret-a, two-secret-b'));
    await whileServing(async ({ url }) => {
      expect((await call(url, 'POST', '/v1/responses', goesOn(id))).body.error.message).toBe(
        'previous_response_id refers to what two keeps, and there is no provider "two" here any more, or none with a key: send the conversation itself.',
      );
      expect((await call(url, 'GET', `/v1/responses/${id}`)).body.error.message).toBe(
        `Response with id '${id}' not found: two keeps it, which is no provider here any more, or has no key.`,
      );
    });
  });
});

describe('an answer that is made in the background', () => {
  it('is booked once, whichever worker sees that it is over', async () => {
    usual();
    const id = await whileServing(
      async ({ url }) => (await call(url, 'POST', '/v1/responses', { ...atTwo, background: true })).body.id,
    );
    keeper.end(id);
    await whileServing(
      async ({ url }) => {
        for (let turn = 0; turn < 4; turn += 1) {
          expect((await call(url, 'GET', `/v1/responses/${id}`)).body.status).toBe('completed');
        }
      },
      ['--workers', '2'],
    );
    const database = new DatabaseSync(join(sandbox.home, '.claude-code/signalbox.db'));
    try {
      expect(
        database
          .prepare(
            'SELECT count(*) AS attempts, count(DISTINCT decision) AS decisions, sum(output_tokens) AS output FROM ledger',
          )
          .get(),
      ).toEqual({ attempts: 2, decisions: 1, output: 500 });
    } finally {
      database.close();
    }
  });
});
