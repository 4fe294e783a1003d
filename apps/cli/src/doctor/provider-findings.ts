import type { LoadedConfiguration } from '@signalbox/config';
import { RouterError } from '@signalbox/core';
import { connectProviders } from '@signalbox/setup';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { type Finding, ok, problem, warning } from './finding.ts';
import { type Probe, probeProvider } from './probe-provider.ts';

/** A clock that is off by more makes signatures and expiry dates wrong; less is the network's. */
const SKEW_WARNING_MS = 60_000;
const SKEW_PROBLEM_MS = 5 * 60_000;

/** Asks each provider that can be called whether it is there and takes its keys; one line for each, and one for the clock. */
export async function providerFindings(
  { configuration, env }: LoadedConfiguration,
  offline: boolean,
): Promise<readonly Finding[]> {
  const connected = await connectProviders({
    configuration,
    env,
    definitions: bundledProviders,
    types: providerTypes,
  }).catch((error: unknown) => {
    if (RouterError.is(error)) return error;
    throw error;
  });
  if (RouterError.is(connected)) return [problem('providers', connected.message, 'correct it in the configuration')];
  const { providers, unavailable } = connected;
  const findings: Finding[] = [];
  const none = providers.every(({ provider }) => provider.local);
  for (const { candidate, reason } of unavailable) {
    // Where nothing is configured every cloud is listed, and nobody has a key for all.
    if (!configuration.providersConfigured && !none) continue;
    findings.push(
      warning(
        `provider ${candidate}`,
        'no API key',
        `${reason.replace(/^no API key: /, '')}, in the environment or .env`,
      ),
    );
  }
  if (providers.length === 0) {
    findings.push(
      problem(
        'providers',
        'nobody can be called, so answers are simulated',
        'set a key, or start a local server: signalbox init',
      ),
    );
  }
  const clocks: Probe[] = [];
  const looks = providers.map(async ({ provider, definition, configuration: own }): Promise<readonly Finding[]> => {
    const check = `provider ${provider.id}`;
    try {
      if (offline) return [ok(check, 'a key is there; not asked (--offline)')];
      if (provider.callerCredentials === true) return [ok(check, "is called with its callers' credentials; not asked")];
      const endpoint = own?.endpoint ?? definition.defaultEndpoint;
      const keys = provider.keys ?? [undefined];
      return await Promise.all(
        keys.map(async (key) => {
          const probe = await probeProvider(provider, endpoint, key);
          clocks.push(probe);
          return judge(
            key === undefined ? check : `${check}, ${key}`,
            probe,
            new URL(endpoint).host,
            definition.keyVariables[0],
          );
        }),
      );
    } finally {
      await provider.close();
    }
  });
  findings.push(...(await Promise.all(looks)).flat());
  return [...findings, ...clockFindings(clocks, Date.now())];
}

function judge(
  check: string,
  { state, detail, models, durationMs }: Probe,
  host: string,
  variable: string | undefined,
): Finding {
  const count = models.length === 0 ? '' : `, ${models.length} ${models.length === 1 ? 'model' : 'models'}`;
  const renew = variable === undefined ? 'set its api_key' : `renew the key and put it into ${variable}`;
  switch (state) {
    case 'ok':
      return ok(
        check,
        `${host} answers${variable === undefined ? '' : ' and takes the key'}${count}, ${durationMs} ms${detail === '' ? '' : ` (${detail})`}`,
      );
    case 'refused':
      return problem(check, `the key is refused (${detail})`, renew);
    case 'foreign':
    case 'unreachable':
      return problem(check, detail, `check the network, and that ${host} is right (providers.*.endpoint)`);
    case 'failing':
      return warning(
        check,
        `${host} has trouble of its own (${detail})`,
        'try again later; requests go to other providers meanwhile',
      );
    case 'unclear':
      return warning(
        check,
        `${host} answers, but lists no models (${detail}), so the key is not tested`,
        `send it a prompt: signalbox --provider ${check.split(/[ ,]/)[1]} "hi"`,
      );
  }
}

function clockFindings(probes: readonly Probe[], now: number): readonly Finding[] {
  const offsets = probes
    .flatMap(({ clock }) => (clock === undefined ? [] : [clock - now]))
    .sort((one, other) => one - other);
  const middle = offsets[Math.floor(offsets.length / 2)];
  if (middle === undefined) return [];
  const seconds = Math.round(Math.abs(middle) / 1_000);
  const direction = middle > 0 ? 'behind' : 'ahead of';
  if (Math.abs(middle) < SKEW_WARNING_MS) return [ok('clock', 'agrees with that of the providers')];
  const found = Math.abs(middle) < SKEW_PROBLEM_MS ? warning : problem;
  return [
    found(
      'clock',
      `${seconds} s ${direction} that of the providers: budgets, prices and expiry dates go by it`,
      'set the time of this machine (timedatectl set-ntp true)',
    ),
  ];
}
