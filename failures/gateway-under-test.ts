import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { serveGateway } from '../apps/gateway/src/index.ts';
import { parseConfiguration } from '../packages/config/src/index.ts';
import type { Clock } from '../packages/core/src/index.ts';
import { anthropic } from '../packages/provider-anthropic/src/index.ts';
import { google } from '../packages/provider-google/src/index.ts';
import { ollama } from '../packages/provider-ollama/src/index.ts';
import { openaiOverResponses } from '../packages/provider-openai/src/index.ts';
import { anyServer } from '../packages/provider-openai-compatible/src/index.ts';
import { setupRouter } from '../packages/setup/src/index.ts';
import './odd-resolver.mjs';
import { gatewayConfiguration, type Upstreams } from './gateway-configuration.ts';

/** A gateway that cases are run against. */
export interface GatewayUnderTest {
  readonly url: string;
  close(): Promise<void>;
}

/** The gateway in this process, with its timers on a clock of ours. */
export async function startGatewayInProcess(upstreams: Upstreams, clock: Clock): Promise<GatewayUnderTest> {
  setDefaultCACertificates([...getCACertificates('default'), upstreams.http2Certificate]);
  const { configuration } = parseConfiguration(gatewayConfiguration(upstreams, undefined), {
    file: 'router-config.yml',
    env: {},
  });
  const chatNames = Object.keys(configuration.providers).filter((name) => !(name in BUNDLED));
  const ready = await setupRouter({
    configuration,
    env: {},
    definitions: { ...BUNDLED, ...Object.fromEntries(chatNames.map((name) => [name, anyServer])) },
    types: { 'openai-responses': openaiOverResponses },
    clock,
  });
  const gateway = await serveGateway({ router: ready.router, port: 0 });
  return {
    url: gateway.url,
    async close() {
      await gateway.close(0);
      await ready.close();
    },
  };
}

const BUNDLED = { anthropic, google, local: ollama };
