import { describeProvider, type ProviderFixtures } from '../packages/conformance/src/index.ts';
import type { ProviderDefinition } from '../packages/core/src/index.ts';
import { type CheckResult, recordChecks } from './conformance-recorder.ts';
import { table } from './marked-block.ts';

/** What a provider may do, by the beginning of the check that shows it. */
const FEATURES: readonly (readonly [feature: string, check: string])[] = [
  ['whole answers', 'reads a whole answer'],
  ['streams', 'reads a stream to its finish'],
  ['several keys', 'has several keys under names'],
  ['endpoint with and without its version path', 'takes an endpoint that ends in'],
  ['an aborted call closes the connection', 'closes the connection when a call is aborted'],
  ['a broken answer is told from a whole one', 'says when the connection breaks'],
  ['refusals, limits and overload are told apart', 'hands error answers on to be classified'],
  ['no key in URLs and errors', 'says when nobody listens, without the key'],
];

/** Says what a provider does, as its run through the conformance suite over local sockets shows it. */
export async function providerFeatures(definition: ProviderDefinition, fixtures: ProviderFixtures): Promise<string> {
  const results = await recordChecks((runner) => describeProvider(runner, definition, fixtures));
  const rows = FEATURES.map(([feature, check]) => [feature, verdict(results, check)]);
  const provider = definition.create({ apiKey: 'sample', endpoint: 'http://127.0.0.1:9' });
  const formats = [provider.format, ...(provider.alsoSpeaks ?? [])].map(({ id }) => `\`${id}\``);
  await provider.close();
  return table(
    ['feature', 'supported'],
    [
      ['wire format', formats.join(', ')],
      ["callers' requests of that format pass as they are (byte lane)", provider.forwards ? 'yes' : 'no'],
      ['runs on your own machine', definition.local ? 'yes' : 'no'],
      ...rows,
    ],
  );
}

function verdict(results: readonly CheckResult[], check: string): string {
  const about = results.filter(({ title }) => title.startsWith(check));
  // Nothing is asked of a provider without keys about its keys.
  if (about.length === 0) return 'takes no key';
  return about.every(({ passed }) => passed) ? 'yes' : 'no';
}
