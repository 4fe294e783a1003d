import { expect, it } from 'vitest';
import { parseConfiguration } from '../../packages/config/src/index.ts';
import { inboundFromRequest } from '../../packages/core/src/index.ts';
import { anthropic } from '../../packages/provider-anthropic/src/index.ts';
import { ollama } from '../../packages/provider-ollama/src/index.ts';
import { setupRouter } from '../../packages/setup/src/index.ts';
import { bestForTask } from '../../packages/strategies/src/index.ts';
import { privateFirst } from '../custom-strategy/private-first.ts';

// docs/writing-a-strategy.md: a strategy of one's own is named in a configuration, and has rules before it like the built-in ones.
it('a strategy is chosen by its name, with rules before it', async () => {
  const { configuration } = parseConfiguration(
    `providers:
  anthropic: { api_key: k, models: [claude-sonnet-4-5, claude-haiku-4-5] }
  local: { models: ["mistral:7b"] }
routing:
  strategy: private_first
  rules: [{ pattern: urgent, model: claude-sonnet-4-5 }]`,
    { file: 'router-config.yml', env: {}, strategyNames: ['private_first'] },
  );
  const ready = await setupRouter({
    configuration,
    env: {},
    definitions: { anthropic, local: ollama },
    strategies: {
      private_first: () => privateFirst({ words: ['payroll'], trusted: ['local'], otherwise: bestForTask() }),
    },
  });
  const decide = (text: string, model = 'auto') =>
    ready.router.decide({
      inbound: inboundFromRequest({ model, system: [], messages: [{ role: 'user', parts: [{ type: 'text', text }] }] }),
    });
  const secret = decide('Summarise the payroll of May');
  expect(secret.strategy).toBe('private_first');
  expect(secret.order.map(({ provider }) => provider)).toEqual(['local']);
  expect(secret.removed.map(({ kind }) => kind)).toEqual(['data-policy', 'data-policy']);
  expect(JSON.stringify(secret)).not.toContain('payroll');
  expect(decide('Implement a new feature with tests').order).toHaveLength(3);
  expect(decide('This is urgent: say hello').order[0]?.model).toBe('claude-sonnet-4-5');
  // The name by which callers of a gateway ask for it.
  expect(decide('the payroll', 'signalbox/private_first').order.map(({ provider }) => provider)).toEqual(['local']);
  await ready.close();
});
