import { createAnthropic } from '@signalbox/provider-anthropic';
import { createRouter } from '@signalbox/router';

const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: endpoint } = process.env;
const router = createRouter({ providers: [createAnthropic({ apiKey, endpoint })] });

const { events, candidate } = await router.stream({
  model: 'claude-sonnet-4-5',
  system: [],
  messages: [{ role: 'user', parts: [{ type: 'text', text: process.argv[2] ?? 'Say hello.' }] }],
});
for await (const event of events) if (event.type === 'text-delta') process.stdout.write(event.text);
process.stdout.write(`\n→ ${candidate.id}\n`);
await router.close();
