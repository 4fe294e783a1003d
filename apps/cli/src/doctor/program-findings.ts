import { createModelCatalog, STALE_AFTER_DAYS } from '@signalbox/model-catalog';
import manifest from '../../package.json' with { type: 'json' };
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const [NEEDED_MAJOR = 0, NEEDED_MINOR = 0] = manifest.engines.node.replace('>=', '').split('.').map(Number);

/** Versions of what runs, and the age of what is known of models and prices. */
export function programFindings(now: number): readonly Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isNew = major > NEEDED_MAJOR || (major === NEEDED_MAJOR && minor >= NEEDED_MINOR);
  const versions = `signalbox ${manifest.version}, Node ${process.versions.node}`;
  const slices = Object.values({ ...bundledProviders, ...providerTypes }).map((one) => [one.id, one.catalog] as const);
  const age = createModelCatalog(Object.fromEntries(slices)).ageInDays(now);
  return [
    isNew
      ? ok('versions', versions)
      : problem(
          'versions',
          `${versions} is too old`,
          `install Node ${manifest.engines.node.replace('>=', '')} or newer`,
        ),
    age === undefined || age <= STALE_AFTER_DAYS
      ? ok('catalogue', `facts about models and prices are ${age ?? '?'} days old`)
      : warning('catalogue', `facts about models and prices are ${age} days old`, 'npm install -g signalbox@latest'),
  ];
}

/** Who is at the gateway's port. */
export async function gatewayFinding(port: number): Promise<Finding> {
  const url = `http://127.0.0.1:${port}`;
  try {
    const answer = await fetch(`${url}/`, { signal: AbortSignal.timeout(2_000), redirect: 'manual' });
    if ((await answer.text()).startsWith('Signalbox is running')) return ok('gateway', `runs at ${url}`);
  } catch (error) {
    const code =
      error instanceof Error && error.cause instanceof Error && 'code' in error.cause ? error.cause.code : undefined;
    if (code === 'ECONNREFUSED') return ok('gateway', `port ${port} is free; signalbox serve starts one`);
  }
  return warning('gateway', `somebody else listens at port ${port}`, `signalbox serve --port ${port + 1}`);
}
