import { parseConfiguration } from '@signalbox/config';
import { anthropic } from '@signalbox/provider-anthropic';
import { google } from '@signalbox/provider-google';
import { openai } from '@signalbox/provider-openai';
import { type ReadyRouter, setupRouter } from '@signalbox/setup';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGateway } from '../src/index.ts';

/**
 * What the specification wants for its examples, and for other words that mean the same. No text of these is among the examples that the
 * analysis was trained on (routing-quality/examples.jsonl; a test there compares them).
 */
const WANTED: readonly (readonly [model: string, prompts: readonly string[]])[] = [
  [
    'opus',
    [
      'Refactor this legacy codebase',
      'Design distributed system architecture',
      'Design microservices architecture',
      'Refactor monolith to microservices',
      'Restructure our aging code base into clean modules',
      'Clean up and modernize this old monolithic application',
      'Can you rework this legacy system?',
      'Rewrite the legacy billing system from scratch',
      'Architect a geo-distributed database',
      'Plan the architecture of a large scale distributed platform',
      'How would you design a fault-tolerant distributed job scheduler?',
      'Sketch the design of a system of microservices for an online shop',
    ],
  ],
  [
    'sonnet',
    [
      'Implement new feature with tests',
      'Review this pull request',
      'Build user dashboard',
      'Generate user service',
      'Add a new feature and cover it with unit tests',
      'Build the export feature, including tests',
      'Develop a new endpoint along with tests',
      'Look over this PR and give me feedback',
      'Review 500-line JavaScript file',
      'Write documentation for the payment module',
    ],
  ],
  [
    'haiku',
    [
      'List all Python files',
      'List all TypeScript files',
      'Fix typo in README',
      'Show me every .py file in this repo',
      'What Python files are there?',
      'Find all the python files',
      'enumerate the .py files please',
      'Correct a spelling mistake in the readme',
      'there is a typo in README.md, please fix it',
      'Fix the spelling error in the docs',
      'Rename variable foo to bar',
      'What is a closure?',
      'hi',
    ],
  ],
  [
    'gpt-4',
    [
      'Generate OpenAPI spec',
      'Generate OpenAPI spec from these endpoints',
      'Write a Swagger definition for our REST API',
      'Create an OpenAPI document describing these endpoints',
      'I need a JSON schema for the user object',
      'Produce an API specification in YAML',
      'Return the list of users as JSON',
      'Extract the names and dates from this text as JSON',
    ],
  ],
];

const OFFERS: Readonly<Record<string, string>> = {
  "the specification's names": `providers:
  anthropic: { models: [claude-opus-4, claude-sonnet-4, claude-haiku-4] }
  openai: { models: [gpt-4] }
  google: { models: [gemini-pro] }
`,
  'models of today': `providers:
  anthropic: { models: [claude-opus-5, claude-sonnet-5, claude-haiku-4-5] }
  openai: { models: [gpt-4-turbo] }
  google: { models: [gemini-2.5-pro] }
`,
};

describe.each(Object.entries(OFFERS))('where %s are on offer', (_, yaml) => {
  let ready: ReadyRouter;
  let app: ReturnType<typeof createGateway>;
  beforeAll(async () => {
    const env = { ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'o', GOOGLE_API_KEY: 'g' };
    const { configuration } = parseConfiguration(yaml, { file: 'router-config.yml', env });
    ready = await setupRouter({ configuration, env, definitions: { anthropic, openai, google } });
    app = createGateway({ router: ready.router });
  });
  afterAll(() => ready.close());

  async function chosen(body: unknown): Promise<string> {
    const answer = await app.request('/v1/explain', { method: 'POST', body: JSON.stringify(body) });
    return ((await answer.json()) as { winner: string }).winner;
  }

  describe.each(WANTED)('%s answers', (model, prompts) => {
    it.each(prompts)('%s', async (prompt) => {
      expect(await chosen({ prompt })).toContain(model);
    });
  });

  it('Gemini looks at images, whatever is asked about them', async () => {
    for (const text of ['Analyze this architecture diagram', 'What is this?']) {
      const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
      const messages = [{ role: 'user', content: [{ type: 'text', text }, image] }];
      expect(await chosen({ model: 'auto', messages })).toContain('gemini');
    }
  });

  it('cost_optimized gives small, middling and large work to Haiku, Sonnet and Opus', async () => {
    const model = 'signalbox/cost_optimized';
    const winners = await Promise.all(
      ['Implement new feature with tests', 'Design distributed system architecture'].map((prompt) =>
        chosen({ model, prompt }),
      ),
    );
    expect(winners[0]).toContain('sonnet');
    expect(winners[1]).toContain('opus');
  });

  it('performance_optimized does not give large work to who is not up to it', async () => {
    const body = { model: 'signalbox/performance_optimized', prompt: 'Design microservices architecture' };
    expect(await chosen(body)).toContain('opus');
  });
});
