import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from './run-cli.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = createSandbox();
}, 120_000);
afterAll(() => sandbox?.remove());

it.each([[['models']], [['--help']], [['config', 'schema']]])(
  'a reader who goes away ends %j without a trace of the stack',
  async (words) => {
    const child = sandbox.start(words);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdout.destroy();
    await once(child, 'close');
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
  },
);
