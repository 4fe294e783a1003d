// npm run configuration:write: writes docs/configuration-reference.md from the schema of the configuration.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configurationPage } from './configuration/page.ts';
import { configurationBlocks } from './configuration/rows.ts';

const path = fileURLToPath(new URL('../docs/configuration-reference.md', import.meta.url));
writeFileSync(path, configurationPage(configurationBlocks()));
console.log(`Wrote ${path}.`);
