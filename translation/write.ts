// npm run translation:write: writes docs/translation.md from a run of the codecs.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { matrixRows, translationPage } from './page.ts';

const path = fileURLToPath(new URL('../docs/translation.md', import.meta.url));
writeFileSync(path, translationPage(matrixRows()));
console.log(`Wrote ${path}.`);
