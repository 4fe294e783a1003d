import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfiguration } from '@signalbox/config';
import type { Decision } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReadyRouter, setupRouter } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.ts';

let folder: string;
let ready: ReadyRouter | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-script-'));
});
afterEach(async () => {
  await ready?.close();
  ready = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const anthropic = fakeDefinition('anthropic', { 'claude-opus-4': 75, 'claude-sonnet-4': 15, 'claude-haiku-4': 1.25 });
const openai = fakeDefinition('openai', { 'gpt-4': 30 });
const CONFIGURATION = `providers:
  anthropic:
    models:
      sonnet: { name: claude-sonnet-4, max_tokens: 1000000 }
      haiku: { name: claude-haiku-4, max_tokens: 1000000 }
  openai: {}
`;

async function setUp(text: string, { timeoutMs = 20_000, more = '' }: { timeoutMs?: number; more?: string } = {}) {
  const env = { ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'o' };
  const { configuration } = parseConfiguration(`${CONFIGURATION}${more}`, { file: 'router-config.yml', env });
  const file = join(folder, 'router.js');
  const script = { file, text, timeoutMs, heapMb: 32 };
  ready = await setupRouter({ configuration, env, definitions: { anthropic, openai }, script });
  return ready;
}

async function asked(
  text: string,
  prompt: string,
  { timeoutMs, budget = '{}' }: { timeoutMs?: number; budget?: string } = {},
): Promise<Decision> {
  await setUp(text, { more: `budget: ${budget}\n`, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  return ask(prompt);
}

const said = (prompt: string) => ({
  system: [],
  messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: prompt }] }],
});

function ask(prompt: string, model = 'auto'): Promise<Decision> {
  if (ready === undefined) throw new Error('there is no router');
  return ready.router.explain({ inbound: { head: { model, stream: false }, request: () => said(prompt) } });
}
const winner = (decision: Decision) => decision.order[0]?.candidate;

/** The specification's script, letter by letter. */
const SEED_SCRIPT = readFileSync(join(import.meta.dirname, 'router-script.seed.txt'), 'utf8');

describe("the specification's router.js", () => {
  it('runs as it stands: complexity and budget, tokens, words, and a default', async () => {
    const large = await asked(SEED_SCRIPT, 'Design distributed system architecture');
    expect(winner(large)).toBe('anthropic/claude-opus-4');
    expect(large).toMatchObject({ strategy: 'router_js', reason: 'router.js chose claude-opus-4' });
    expect(large.order.length).toBeGreaterThan(3);
    expect(winner(await ask('produce json for it'))).toBe('openai/gpt-4');
    expect(winner(await ask('hi'))).toBe('anthropic/claude-haiku-4');
    expect(winner(await ask('many words '.repeat(50_000)))).toBe('anthropic/claude-sonnet-4');
  });

  it('knows what is left of the budget', async () => {
    const large = 'Design distributed system architecture';
    expect(winner(await asked(SEED_SCRIPT, large, { budget: '{ daily: 4.99, monthly: 100 }' }))).toBe(
      'anthropic/claude-haiku-4',
    );
    await ready?.close();
    expect(winner(await asked(SEED_SCRIPT, large, { budget: '{ daily: 5.01 }' }))).toBe('anthropic/claude-opus-4');
  });

  it('is not asked where somebody names a model', async () => {
    await asked(SEED_SCRIPT, 'hi');
    expect(winner(await ask('produce json', 'claude-sonnet-4'))).toBe('anthropic/claude-sonnet-4');
  });
});

describe('a script', () => {
  it('leaves what else a route has as it was: the chain of what is cheaper, the model that a caller had in mind', async () => {
    const made = await setUp(choosing('return undefined;'), {
      more: 'routing: { chains: { budget: [gpt-4] }, apply_to: all }\n',
    });
    const route = made.routes.resolve('claude-opus-4');
    expect(route.candidates.map(({ id }) => id)).toContain('anthropic/claude-opus-4');
    const inbound = { head: { model: 'claude-opus-4', stream: false }, request: () => said('hi') };
    const selected = await route.select?.(inbound, (other) => made.router.decide({ inbound, route: other }), route);
    expect(selected).toMatchObject({ capsOutput: true, cheaper: { name: 'fallback_chain' } });
    expect(selected?.candidates.map(({ id }) => id)).toContain('anthropic/claude-opus-4');
  });

  const HAIKU = 'anthropic/claude-haiku-4';
  const choosing = (body: string) => `module.exports = { selectModel(task, context) { ${body} } };`;

  it('may be ESM, default export or named, whatever the nearest package.json says', async () => {
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}');
    expect(winner(await asked("export const selectModel = async () => 'gpt-4';", 'hi'))).toBe('openai/gpt-4');
    await ready?.close();
    const text = "import { sep } from 'node:path';\nexport default { selectModel: () => (sep ? 'gpt-4' : '') };";
    expect(winner(await asked(text, 'hi'))).toBe('openai/gpt-4');
    await ready?.close();
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    expect(winner(await asked(choosing("return 'gpt-4'"), 'hi'))).toBe('openai/gpt-4');
  });

  it('may be TypeScript, and use files beside it', async () => {
    mkdirSync(join(folder, 'lib'));
    writeFileSync(join(folder, 'lib/models.cjs'), "module.exports = { best: 'gpt-4' };");
    const text = `interface Context { candidates: { id: string }[] }
module.exports = { async selectModel(task: string, context: Context): Promise<string> { return require('./lib/models.cjs').best; } };`;
    expect(winner(await asked(text, 'hi'))).toBe('openai/gpt-4');
  });

  it('is told the task and the candidates', async () => {
    const text = choosing(
      "return context.task.type === 'simple_query' && context.candidates.length === 4 && context.candidates[0].predictedCost > 0 ? context.candidates.find((one) => one.model === 'gpt-4').id : undefined",
    );
    const { length } = (await asked(choosing('return undefined'), 'hi')).order;
    await ready?.close();
    expect(winner(await asked(text.replace('=== 4', `=== ${length}`), 'hi'))).toBe('openai/gpt-4');
  });

  it.each([
    ['says nothing', choosing('return undefined'), 'router.js left the choice to it'],
    ['throws', choosing("throw new Error('no idea')"), 'router.js was passed over: no idea'],
    ['throws a page', choosing(String.raw`throw new Error('no\n\tidea\u001b')`), 'router.js was passed over: no idea'],
    [
      'names nobody',
      choosing("return 'nonesuch'"),
      'router.js was passed over: it named "nonesuch", which is unknown or can\'t be called',
    ],
    [
      'gives an object',
      choosing("return { model: 'gpt-4' }"),
      'router.js was passed over: it gave an object where the name of a model was expected',
    ],
    [
      'gives a number',
      choosing('return 4'),
      'router.js was passed over: it gave a number where the name of a model was',
    ],
    ['gives a blank', choosing("return ' '"), 'router.js was passed over: it gave an empty name'],
    ['has no selectModel', 'module.exports = {};', 'router.js was passed over: it exports no function "selectModel"'],
    ['is no program', 'module.exports = {', 'router.js was passed over: '],
    ['ends itself', choosing('process.exit(1)'), 'router.js was passed over: ended itself'],
  ])('that %s leaves the choice to the strategy, and the decision says so', async (_, text, reason) => {
    const decision = await asked(text, 'hi');
    expect(winner(decision)).toBe(HAIKU);
    expect(decision.strategy).toBe('best_for_task');
    expect(decision.reason).toContain(reason);
  });

  it('may name a strategy or a chain, which then orders the candidates itself', async () => {
    const auto = await asked(choosing("return 'auto'"), 'hi');
    expect([winner(auto), auto.strategy]).toEqual([HAIKU, 'best_for_task']);
    expect(auto.reason).toMatch(/; router\.js chose auto$/);
    await ready?.close();
    await setUp(choosing("return 'quick'"), { more: 'models: { quick: { chain: [gpt-4, anthropic.haiku] } }\n' });
    const quick = await ask('hi');
    expect(quick.order.map(({ candidate }) => candidate)).toEqual(['openai/gpt-4', HAIKU]);
    expect([quick.strategy, quick.reason]).toEqual([
      'fallback_chain',
      expect.stringMatching(/; router\.js chose quick$/),
    ]);
  });

  it('that never comes back is ended, and the next question is asked anew', async () => {
    const text = choosing("if (task === 'hang') for (;;); return 'gpt-4'");
    const decision = await asked(text, 'hang', { timeoutMs: 1_500 });
    expect(winner(decision)).toBe(HAIKU);
    expect(decision.reason).toContain('router.js was passed over: took longer than 1.5 s');
  });

  it('that eats memory is ended', async () => {
    const decision = await asked(choosing('const all = []; for (;;) all.push(new Array(1000).fill(all.length))'), 'hi');
    expect(winner(decision)).toBe(HAIKU);
    expect(decision.reason).toContain('router.js was passed over: took more than 32 MB of memory');
  });

  it('that fills buffers, which are no part of its heap, is ended too', async () => {
    const decision = await asked(choosing('const all = []; for (;;) all.push(Buffer.alloc(1_000_000, 1))'), 'hi');
    expect(winner(decision)).toBe(HAIKU);
    expect(decision.reason).toContain('router.js was passed over: took more than 160 MB of memory');
    const small = choosing('const all = Buffer.alloc(60_000_000, 1); return "claude-opus-4"');
    expect((await asked(small, 'hi')).reason).toContain('router.js chose claude-opus-4');
  });
});
