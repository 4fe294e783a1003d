// npm run readme:write: the features in the READMEs of formats and providers, from a run of the conformance suite.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FEATURE_PAGES } from './feature-pages.ts';
import { withBlock } from './marked-block.ts';

for (const { folder, features } of FEATURE_PAGES) {
  const path = fileURLToPath(new URL(`../packages/${folder}/README.md`, import.meta.url));
  writeFileSync(path, withBlock(readFileSync(path, 'utf8'), await features()));
  console.log(`Wrote ${path}.`);
}
