import { createHash } from 'node:crypto';
import { serveGateway } from '../apps/gateway/src/index.ts';
import { parseConfiguration } from '../packages/config/src/index.ts';
import type { GatewayKeys } from '../packages/core/src/index.ts';
import { anthropic } from '../packages/provider-anthropic/src/index.ts';
import { google } from '../packages/provider-google/src/index.ts';
import { ollama } from '../packages/provider-ollama/src/index.ts';
import { openai, openaiOverResponses } from '../packages/provider-openai/src/index.ts';
import { setupRouter } from '../packages/setup/src/index.ts';
import { type Simulator, startSimulator } from '../packages/simulator/src/index.ts';

/** The providers behind the gateway, one of each format, and the model to ask for. */
export const PROVIDERS: readonly (readonly [format: string, model: string])[] = [
  ['Messages', 'claude-sonnet-4-5'],
  ['Chat Completions', 'gpt-4o-mini'],
  ['Responses', 'gpt-5-mini'],
  ['Gemini', 'gemini-2.5-flash'],
  ['Ollama', 'mistral:7b'],
];

export const KEY = 'sk-signalbox-of-the-client-runs';

export interface Scene {
  readonly url: string;
  readonly simulator: Simulator;
  close(): Promise<void>;
}

/** A gateway with a key on a free port, the simulator in the place of every vendor. */
export async function startScene(): Promise<Scene> {
  const simulator = await startSimulator();
  const { url } = simulator;
  const { configuration } = parseConfiguration(
    `providers:
  anthropic: { endpoint: "${url}/anthropic", api_key: k, models: [claude-sonnet-4-5] }
  openai: { endpoint: "${url}/openai/v1", api_key: k, models: [gpt-4o-mini] }
  responses: { type: openai-responses, endpoint: "${url}/responses", api_key: k, models: [gpt-5-mini] }
  google: { endpoint: "${url}/google", api_key: k, models: [gemini-2.5-flash] }
  local: { endpoint: "${url}", models: ["mistral:7b"] }`,
    { file: 'router-config.yml', env: {} },
  );
  const ready = await setupRouter({
    configuration,
    env: {},
    definitions: { anthropic, openai, google, local: ollama },
    types: { 'openai-responses': openaiOverResponses },
  });
  const gateway = await serveGateway({ router: ready.router, routes: ready.routes, keys: onlyKey(), port: 0 });
  return {
    url: gateway.url,
    simulator,
    async close() {
      await gateway.close(0);
      await ready.close();
      await simulator.close();
    },
  };
}

function onlyKey(): GatewayKeys {
  const digest = createHash('sha256').update(KEY).digest('hex');
  const key = { name: 'clients', tags: [], limits: {}, createdAt: 0 };
  return { find: (sha256) => (sha256 === digest ? key : undefined), exist: () => true };
}
