import { parseConfiguration } from '@signalbox/config';
import type { Ledger, LedgerRow } from '@signalbox/core';
import { anthropic } from '@signalbox/provider-anthropic';
import { google } from '@signalbox/provider-google';
import { ollama } from '@signalbox/provider-ollama';
import { openai, openaiOverResponses } from '@signalbox/provider-openai';
import { type ReadyRouter, type SetupOptions, setupRouter } from '@signalbox/setup';
import { type Simulator, startSimulator } from '@signalbox/simulator';
import { type RunningGateway, type ServeOptions, serveGateway } from '../src/index.ts';

export interface GatewayUnderTest {
  readonly simulator: Simulator;
  readonly ready: ReadyRouter;
  readonly gateway: RunningGateway;
  /** What was booked. */
  readonly rows: readonly LedgerRow[];
  close(): Promise<void>;
}

/** A gateway on a socket, with the simulator in the place of the vendors; `providers` takes the place of those configured here. */
export async function startGateway(
  extra = '',
  providers: (simulator: string) => string = everyProvider,
  options: Partial<ServeOptions> = {},
  setup: Partial<SetupOptions> = {},
): Promise<GatewayUnderTest> {
  const simulator = await startSimulator();
  const rows: LedgerRow[] = [];
  const ledger: Ledger = { append: (row) => rows.push(row) };
  const { configuration } = parseConfiguration(
    `providers:\n${providers(simulator.url)}\n${extra.includes('retry:') ? '' : 'retry: { max_attempts: 1 }'}\n${extra}`,
    { file: 'router-config.yml', env: {} },
  );
  const ready = await setupRouter({
    configuration,
    env: {},
    definitions: { anthropic, openai, google, local: ollama },
    types: { 'openai-responses': openaiOverResponses },
    ledger: options.metrics?.ledger(ledger) ?? ledger,
    ...setup,
  });
  const { router, routes, standings } = ready;
  const gateway = await serveGateway({ router, routes, standings, port: 0, ...options });
  return {
    simulator,
    ready,
    gateway,
    rows,
    async close() {
      await gateway.close(0);
      await ready.close();
      await simulator.close();
    },
  };
}

const everyProvider = (simulator: string) => `
  anthropic: { endpoint: "${simulator}/anthropic", api_key: k, models: [claude-sonnet-4-5, claude-haiku-4-5] }
  openai: { endpoint: "${simulator}/openai/v1", api_key: k, models: [gpt-4-turbo, gpt-4o-mini] }
  google: { endpoint: "${simulator}/google", api_key: k, models: [gemini-2.5-flash] }
  responses: { type: openai-responses, endpoint: "${simulator}/responses", api_key: k, models: [gpt-5-mini] }
  local: { endpoint: "${simulator}", models: ["mistral:7b"] }`;
