import { describeWireFormat, type Lack, type WireFormatFixtures } from '../packages/conformance/src/index.ts';
import type { WireFormat } from '../packages/core/src/index.ts';
import { type CheckResult, recordChecks } from './conformance-recorder.ts';
import { table } from './marked-block.ts';

/** What a format may have a place for or not, in a reader's words. */
const LACKS: Readonly<Record<Lack, string>> = {
  images: 'images',
  'tool-call-ids': 'ids of tool calls',
  'reasoning-text': 'reasoning',
  'reasoning-signatures': 'signatures of reasoning',
  'cache-usage': 'usage: input read from the cache',
  'cache-write-usage': 'usage: input written to the cache',
  'reasoning-usage': 'usage: reasoning tokens',
  'model-in-body': "the model's name in the body",
};
/** Without a place for the wider one, the suite does not ask for the narrower one at all. */
const WIDER: Partial<Record<Lack, Lack>> = {
  'cache-write-usage': 'cache-usage',
  'reasoning-signatures': 'reasoning-text',
};
const ALL_LACKS = Object.keys(LACKS) as readonly Lack[];

/** What every format must have: a sample of the suite by a word of its checks. */
const SAMPLES: readonly (readonly [feature: string, sample: string])[] = [
  ['text of every kind of character', 'text of every kind of character'],
  ['instructions and a conversation', 'instructions and a conversation'],
  ['tool calls', 'one tool call'],
  ['parallel tool calls', 'parallel tool calls'],
  ['interleaved tool calls in a stream', 'interleaved tool calls'],
];

/** Reasons of an answer's end, by the sample that ends so. */
const ENDS: readonly (readonly [feature: string, sample: string])[] = [
  ['end: cut by the limit', 'an answer cut by its limit'],
  ['end: refused or filtered', 'a refusal by the filter'],
  ['end: a stop sequence', 'a stop sequence'],
];

/** Says what a wire format has a place for, as its runs through the conformance suite show it: the fixtures' own excuses are not asked. */
export async function formatFeatures(
  format: WireFormat,
  fixtures: Pick<WireFormatFixtures, 'path' | 'issuer' | 'headers' | 'quirks'>,
): Promise<string> {
  const run = (more: WireFormatFixtures) =>
    recordChecks((runner) => describeWireFormat(runner, format, { ...fixtures, ...more }));
  const lenient = await run({ lacks: ALL_LACKS, finishes: await excusedFinishes(run) });
  const rows: (readonly string[])[] = SAMPLES.map(([feature, sample]) => [feature, verdict(of(lenient, sample))]);
  for (const lack of ALL_LACKS) {
    const strict = await run({ lacks: ALL_LACKS.filter((one) => one !== lack && one !== WIDER[lack]) });
    rows.push([LACKS[lack], verdict(lackChecks(strict, lack))]);
  }
  const ends = await run({ lacks: ALL_LACKS });
  for (const [feature, sample] of ENDS) {
    rows.push([
      feature,
      verdict(
        of(ends, sample).filter(({ group }) => group === 'answers'),
        'as its nearest neighbour',
      ),
    ]);
  }
  return `${table(['feature', 'carried'], rows)}\n\n${errorSentence(ends)}`;
}

/** Checks of the suite that a place for something decides. */
const lackChecks = (results: readonly CheckResult[], lack: Lack) =>
  results.filter(({ group, title }) => {
    if (lack === 'model-in-body') return title.startsWith('forwards ');
    if (lack === 'images') return title.includes('an image');
    return (group === 'answers' || group === 'requests') && title.startsWith('carries') && !isEnd(title);
  });

const isEnd = (title: string) => ENDS.some(([, sample]) => title.includes(sample));
const of = (results: readonly CheckResult[], sample: string) => results.filter(({ title }) => title.includes(sample));

/** The reasons that come back as another, so that their samples don't hide what else a format carries. */
async function excusedFinishes(
  run: (more: WireFormatFixtures) => Promise<readonly CheckResult[]>,
): Promise<NonNullable<WireFormatFixtures['finishes']>> {
  const results = await run({ lacks: ALL_LACKS });
  const failed = (sample: string) => of(results, sample).some(({ passed }) => !passed);
  return {
    ...(failed('a stop sequence') ? { 'stop-sequence': 'stop' as const } : {}),
    ...(failed('a refusal by the filter') ? { 'content-filter': 'refusal' as const } : {}),
  };
}

function verdict(results: readonly CheckResult[], otherwise = 'no'): string {
  if (results.length === 0) throw new Error('no check of the suite is about it');
  return results.every(({ passed }) => passed) ? 'yes' : otherwise;
}

function errorSentence(results: readonly CheckResult[]): string {
  const kinds = results.filter(
    ({ group, title }) => group === 'errors' && title.startsWith('answers a provider’s error '),
  );
  const words = (passed: boolean) =>
    kinds.filter((one) => one.passed === passed).map(({ title }) => `\`${/error (\S+)/.exec(title)?.[1]}\``);
  const lost = words(false);
  const told = `Errors: ${words(true).length} kinds of a provider's failure reach a caller of this format so that it can be told what happened`;
  return lost.length === 0
    ? `${told}.`
    : `${told}; ${lost.join(', ')} come${lost.length === 1 ? 's' : ''} back as a neighbour.`;
}
