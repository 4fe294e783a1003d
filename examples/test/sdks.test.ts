import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGateway, serveGateway } from '../../apps/gateway/src/index.ts';
import { parseConfiguration } from '../../packages/config/src/index.ts';
import { anthropic } from '../../packages/provider-anthropic/src/index.ts';
import { openai } from '../../packages/provider-openai/src/index.ts';
import { type ReadyRouter, setupRouter } from '../../packages/setup/src/index.ts';
import { type Simulator, startSimulator } from '../../packages/simulator/src/index.ts';
import { runExample } from './run-example.ts';

let simulator: Simulator;
let ready: ReadyRouter;
let gateway: RunningGateway;

beforeAll(async () => {
  simulator = await startSimulator();
  const { url } = simulator;
  const { configuration } = parseConfiguration(
    `providers:
  anthropic: { endpoint: "${url}/anthropic", api_key: k, models: [claude-sonnet-4-5, claude-haiku-4-5] }
  openai: { endpoint: "${url}/openai/v1", api_key: k, models: [gpt-5-mini] }`,
    { file: 'router-config.yml', env: {} },
  );
  ready = await setupRouter({ configuration, env: {}, definitions: { anthropic, openai } });
  gateway = await serveGateway({ router: ready.router, routes: ready.routes, port: 0 });
});
afterAll(async () => {
  await gateway.close(0);
  await ready.close();
  await simulator.close();
});

// The simulator calls the tool, and repeats its result when it comes back.
const prompt = '[[simulate: toolCall=weather {"city":"Lisbon"}]] Is it warm in Lisbon?';

describe.each([
  ['ai-sdk', '2 steps'],
  ['langchain', '1 tool calls'],
])('%s', (name, turn) => {
  it.each(['auto', 'gpt-5-mini'])('has an answer, a stream and a turn with a tool from %s', async (model) => {
    const { code, output } = await runExample(name, { SIGNALBOX_URL: gateway.url, SIGNALBOX_MODEL: model }, prompt);
    expect(code, output).toBe(0);
    expect(output).toContain('What is the capital of Portugal?');
    expect(output).toContain('Count to five.');
    expect(output).toMatch(/→ \d+ tokens/);
    expect(output).toContain('It is 24 degrees in Lisbon.');
    expect(output).toContain(`→ ${turn}`);
  });
});
