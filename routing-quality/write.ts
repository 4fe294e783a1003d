// npm run routing:quality: measures the task analysis and writes docs/routing-quality.md. Some minutes of CPU.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measureAll } from './measure-all.ts';
import { qualityPage } from './page.ts';
import { packFolder } from './read-pack.ts';

const folder = packFolder();
if (folder === undefined) {
  console.log('Skipped: the routing data is not here (SIGNALBOX_SHARED names the folder that holds routing/).');
} else {
  const path = fileURLToPath(new URL('../docs/routing-quality.md', import.meta.url));
  writeFileSync(path, qualityPage(measureAll(folder)));
  console.log(`Wrote ${path}.`);
}
