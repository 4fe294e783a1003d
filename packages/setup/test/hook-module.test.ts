import type { ModelRequest } from '@signalbox/core';
import type { HookContext } from '@signalbox/router';
import { afterEach, describe, expect, it } from 'vitest';
import { type HookModule, loadHookModule } from '../src/hook-module.ts';

let module: HookModule | undefined;
afterEach(async () => {
  await module?.close();
  module = undefined;
});

const load = async (text: string, timeoutMs?: number) => {
  module = await loadHookModule({ file: '/project/guard.js', text, timeoutMs });
  return module.hooks;
};
const request: ModelRequest = { system: [], messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }] };
const context: HookContext = { caller: { tenant: 'local' }, stream: false };

describe("a user's module of hooks", () => {
  it('is CommonJS, ESM or TypeScript, and has those hooks that it exports', async () => {
    const common = await load('exports.onText = (text) => text.toUpperCase();');
    expect([Object.keys(common), await common.onText?.('a', context)]).toEqual([['onText'], 'A']);
    await module?.close();
    const typed = await load(
      'export const onRequest = (request: { messages: unknown[] }, context: { caller: { tenant: string } }) => ({ refuse: context.caller.tenant + request.messages.length });',
    );
    expect(await typed.onRequest?.(request, context)).toEqual({ refuse: 'local1' });
  });

  it('that throws tells the kind of it and not its words', async () => {
    const { onText } = await load('exports.onText = (text) => { throw new RangeError(text); };');
    await expect(onText?.('a prompt', context)).rejects.toMatchObject({ name: 'RangeError', message: '' });
  });

  it('that loops is killed, and works again', async () => {
    const { onText } = await load('exports.onText = (text) => { while (text === "loop"); return text; };', 300);
    await expect(onText?.('loop', context)).rejects.toMatchObject({ name: 'Timeout' });
    await expect.poll(() => onText?.('fine', context)?.valueOf(), { timeout: 10_000 }).toBeDefined();
    await expect
      .poll(async () => Promise.resolve(onText?.('fine', context)).catch(() => 'late'), { timeout: 10_000 })
      .toBe('fine');
  });

  it('that loops takes nobody along who only waited behind it, or comes after it', async () => {
    const { onText } = await load('exports.onText = (text) => { while (text === "loop"); return text; };', 4_000);
    const loop = Promise.resolve(onText?.('loop', context)).catch((error: Error) => error.name);
    const behind = ['one', 'two', 'three'].map((text) => onText?.(text, context));
    // They wait as long as it does, and are asked again in the next process.
    expect(await Promise.all([loop, ...behind])).toEqual(['Timeout', 'one', 'two', 'three']);
    expect(await onText?.('after', context)).toBe('after');
  }, 30_000);

  it('that waits for long is late alone, and goes on', async () => {
    const text = `let asked = 0;
      exports.onText = (text) => { asked += 1; return text === 'never' ? new Promise(() => {}) : String(asked); };`;
    const { onText } = await load(text, 3_000);
    await expect(onText?.('never', context)).rejects.toMatchObject({ name: 'Timeout' });
    // Still the same process: it has counted both.
    expect(await onText?.('soon', context)).toBe('2');
  });

  it('sees no key in its environment', async () => {
    process.env.PLANTED_API_KEY = 'sk-planted';
    try {
      const { onText } = await load('exports.onText = () => String(process.env.PLANTED_API_KEY);');
      expect(await onText?.('', context)).toBe('undefined');
    } finally {
      delete process.env.PLANTED_API_KEY;
    }
  });

  it('that is none is refused when it is loaded', async () => {
    await expect(load('exports.unrelated = 1;')).rejects.toThrow(
      'The hooks /project/guard.js export none of onRequest, onText, onResponse: see docs/hooks.md.',
    );
    await expect(load('export const onText = ;')).rejects.toThrow(/can't be loaded: SyntaxError/);
  });
});
