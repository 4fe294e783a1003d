import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../packages/format-anthropic/src/index.ts';
import { root, workspacePackages } from '../structure/workspace.ts';
import { FEATURE_PAGES } from './feature-pages.ts';
import { formatFeatures } from './format-features.ts';
import { table, withBlock } from './marked-block.ts';

describe.each(FEATURE_PAGES)('packages/$folder/README.md', ({ folder, features }) => {
  it('says of its features what the conformance suite finds: npm run readme:write', async () => {
    const page = readFileSync(`${root}packages/${folder}/README.md`, 'utf8');
    expect(page).toBe(withBlock(page, await features()));
  });
});

it('every page with the marks has its features written', () => {
  const folders = workspacePackages()
    .filter(({ path }) => readFileSync(`${path}/README.md`, 'utf8').includes('npm run readme:write: begin'))
    .map(({ name }) => name);
  expect(FEATURE_PAGES.map(({ folder }) => folder).sort()).toEqual(folders.sort());
});

describe('the features of a format', () => {
  it('are what its codec does, not what is said of it', async () => {
    const { client, server } = anthropicMessages;
    const forgetful = {
      ...anthropicMessages,
      client: {
        ...client,
        decodeResponse: (...args: Parameters<typeof client.decodeResponse>) => {
          const response = client.decodeResponse(...args);
          return { ...response, parts: response.parts.filter((part) => part.type !== 'reasoning') };
        },
      },
      server,
    };
    const fixtures = { path: '/v1/messages', issuer: 'anthropic' };
    expect(await formatFeatures(anthropicMessages, fixtures)).toMatch(/\| reasoning +\| yes/);
    expect(await formatFeatures(forgetful, fixtures)).toMatch(/\| reasoning +\| no/);
  });
});

describe('a marked block', () => {
  const page = 'before\n<!-- written by npm run readme:write: begin -->\nold\n<!-- end -->\nafter';

  it('is replaced, and nothing else', () => {
    expect(withBlock(page, 'new')).toBe(page.replace('\nold\n', '\n\nnew\n\n'));
    expect(withBlock(withBlock(page, 'new'), 'new')).toBe(withBlock(page, 'new'));
  });

  it('must be there', () => {
    expect(() => withBlock('nothing', 'new')).toThrow('no <!-- written by');
  });
});

it('a table is as wide as its widest cells', () => {
  expect(table(['a', 'longer'], [['wide cell', 'x']])).toBe(
    '| a         | longer |\n| --------- | ------ |\n| wide cell | x      |',
  );
});
