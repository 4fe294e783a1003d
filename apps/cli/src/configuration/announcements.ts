import type { Decision } from '@signalbox/core';
import { STALE_AFTER_DAYS } from '@signalbox/model-catalog';
import { say } from '../terminal/say.ts';
import type { LoadedRouter } from './load-router.ts';

interface Quietness {
  readonly quiet: boolean;
}

/** Says on stderr what there is to say of the configuration and the catalogue. */
export function warn({ loaded, catalog }: LoadedRouter, { quiet }: Quietness): void {
  if (quiet) return;
  for (const warning of loaded.warnings) {
    say(`warning: ${warning}`);
  }
  const age = catalog.ageInDays(Date.now());
  if (age !== undefined && age > STALE_AFTER_DAYS) {
    say(`warning: the facts about models and prices are ${age} days old: update signalbox.`);
  }
}

/** Says before an answer that it will not be real, and what to set so that it is: the key of who is asked first. */
export function announceMadeUp(ready: LoadedRouter, { quiet }: Quietness, decide?: () => Decision): void {
  if (!ready.simulated || quiet) return;
  const provider = decide === undefined ? ready.candidates[0]?.provider.id : decide().order[0]?.provider;
  const variable = provider === undefined ? undefined : ready.keyVariable(provider);
  const remedy = variable === undefined ? 'start the local server' : `set ${variable}`;
  const [what, one] = decide === undefined ? ['answers are', 'real ones'] : ['the answer is', 'a real one'];
  say(
    `simulated: no provider has an API key, so ${what} made up and ${decide === undefined ? 'cost' : 'costs'} nothing; ${remedy} for ${one}.`,
  );
}
