import { formatUsd, RouterError, responseText } from '@signalbox/core';
import { createBudgets, createMemoryLedger, createPricing, summarise } from '@signalbox/cost-tracker';
import { createAnthropic } from '@signalbox/provider-anthropic';
import { createRouter } from '@signalbox/router';
import { TENANTS } from './tenants.ts';

const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: endpoint } = process.env;
const pricing = createPricing();
const ledger = createMemoryLedger({ capacity: 10_000 });
const budgets = createBudgets({
  // A tenant is the `user` of its calls: `perUser` gives each a sum of its own, new ones get the default.
  plan: { perUser: { default: 0, users: TENANTS }, alerts: [{ threshold: 0.8, action: 'notify' }] },
  pricing,
  candidates: () => router.candidates,
  onAlert: (alert) => console.log(`! ${alert.title}: 80 % is spent`),
});
const router = createRouter({
  providers: [createAnthropic({ apiKey, endpoint })],
  pricing,
  ledger,
  admission: budgets,
});

async function ask(tenant: string, text: string): Promise<string> {
  try {
    const { response } = await router.generate(
      {
        model: 'claude-haiku-4-5',
        system: [],
        messages: [{ role: 'user', parts: [{ type: 'text', text }] }],
        maxOutputTokens: 1_000,
      },
      // `tenant` separates kept answers and reasoning, `user` is whose money it is.
      { caller: { tenant, user: tenant } },
    );
    return responseText(response);
  } catch (error) {
    if (RouterError.is(error) && error.kind === 'budget') return `refused: ${error.message}`;
    throw error;
  }
}

const prompt = process.argv[2] ?? 'Why is the sky blue?';
for (let turn = 1; turn <= 5; turn += 1) {
  for (const tenant of ['acme', 'globex']) console.log(`${tenant} ${turn}: ${await ask(tenant, prompt)}`);
}
console.log(`stranger: ${await ask('initech', prompt)}`);

for (const user of Object.keys(TENANTS)) {
  for (const { title, spent, limit } of budgets.standings({ tenant: user, user })) {
    console.log(`${title}: ${formatUsd(spent)} of ${formatUsd(limit)}`);
  }
}
console.log(`in all: ${formatUsd(summarise(ledger.rows()).total.nanoUsd)}`);
budgets.close();
await router.close();
