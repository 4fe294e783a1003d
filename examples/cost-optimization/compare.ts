// What a day of prompts is predicted to cost: routed as the configuration says, and by one model for everything. No call is made.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadConfiguration } from '@signalbox/config';
import { formatUsd, inboundFromRequest } from '@signalbox/core';
import { anthropic } from '@signalbox/provider-anthropic';
import { setupRouter } from '@signalbox/setup';

const here = fileURLToPath(new URL('.', import.meta.url));
const { configuration, env } = await loadConfiguration({ cwd: here, home: homedir(), env: process.env });
// Nothing is sent, so any key does.
const ready = await setupRouter({
  configuration,
  env: { ANTHROPIC_API_KEY: 'unused', ...env },
  definitions: { anthropic },
});

const prompts = (await readFile(`${here}prompts/day.txt`, 'utf8')).trim().split('\n');
const answers = new Map<string, number>();
const costs = new Map<string, number>();
let routed = 0;
for (const text of prompts) {
  const messages = [{ role: 'user' as const, parts: [{ type: 'text' as const, text }] }];
  const { order } = ready.router.decide({ inbound: inboundFromRequest({ model: 'auto', system: [], messages }) });
  const [winner] = order;
  if (winner === undefined) continue;
  answers.set(winner.model, (answers.get(winner.model) ?? 0) + 1);
  routed += winner.predictedCost ?? 0;
  for (const { model, predictedCost = 0 } of order) costs.set(model, (costs.get(model) ?? 0) + predictedCost);
}

console.log(`${prompts.length} prompts: ${[...answers].map(([model, count]) => `${count} to ${model}`).join(', ')}\n`);
console.log(`routed                   ${formatUsd(routed)}`);
for (const [model, cost] of [...costs].sort(([, one], [, other]) => other - one)) {
  const saved = Math.round((1 - routed / cost) * 100);
  console.log(
    `always ${model.padEnd(17)} ${formatUsd(cost)}  ${saved < 0 ? `routed costs ${-saved} % more` : `${saved} % saved`}`,
  );
}
await ready.close();
