import type { Candidate, Provider } from '../packages/core/src/index.ts';
import { createRouter, type Router } from '../packages/router/src/index.ts';
import { bestForTask } from '../packages/strategies/src/index.ts';
import { createExpectedQuality, createTaskAnalyser } from '../packages/task-analysis/src/index.ts';

const MODELS = ['opus', 'sonnet', 'haiku', 'gpt-5', 'gpt-4-turbo', 'gpt-4o-mini', 'gemini-2.5-pro', 'gemini-2.5-flash'];

/** A router that decides by best_for_task among eight models, and has nobody to call. */
export function createDecidingRouter(): Router {
  const provider = { id: 'lab', models: [], local: false, close: async () => {} } as unknown as Provider;
  const candidates = MODELS.map(
    (model): Candidate => ({
      id: `lab/${model}`,
      provider,
      model,
      names: [model],
      facts: { id: model, provider: 'lab', name: model, type: 'chat', status: 'active', capabilities: {}, prices: [] },
    }),
  );
  return createRouter({
    providers: [provider],
    candidates,
    strategy: bestForTask(),
    // With sketches, as the program has it by default.
    analyser: createTaskAnalyser({ keepsSketches: true }),
    quality: createExpectedQuality(),
  });
}
