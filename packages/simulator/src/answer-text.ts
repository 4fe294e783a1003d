import type { SeededRandom } from './random.ts';

const CLOSINGS: readonly [string, ...string[]] = [
  'Everything else happened for real: the request crossed a socket, was parsed, counted and answered in the wire format you chose.',
  'The transport, the framing and the token counts are real enough to test against; only the thinking is missing.',
  'Use it to try routes, budgets and failover without a key, and switch to a real provider whenever you are ready.',
  'The same request gives the same words, so a test can compare them, and a person can see which model was picked.',
];

const REMARKS: readonly [string, ...string[]] = [
  'No model was called and nothing was spent.',
  'No provider was contacted and no token was billed.',
  'Nothing left this machine to produce it.',
];

const WORDS = (
  'signal track points lever train route platform junction siding bridge station tunnel ' +
  'lamp whistle timetable engine carriage guard driver ticket valley morning evening river'
).split(' ') as [string, ...string[]];

/** The answer of a model that isn't there: some forty words that say so, name the model and quote the prompt. */
export function plainAnswer(model: string, prompt: string, random: SeededRandom): string {
  return `This is a simulated answer from ${model}. ${asked(prompt)} ${random.pick(REMARKS)} ${random.pick(CLOSINGS)}`;
}

/** The answer to a tool's result. */
export function toolResultAnswer(model: string, results: readonly string[], random: SeededRandom): string {
  const quoted = results.map((result) => quote(result, 80)).join(' and ');
  const noun = results.length === 1 ? 'tool returned' : 'tools returned';
  return `This is a simulated answer from ${model}. The ${noun} ${quoted}. ${random.pick(REMARKS)} ${random.pick(CLOSINGS)}`;
}

/** A text of so many words that depends on the seed alone. */
export function numberedWords(count: number, random: SeededRandom): string {
  const words = Array.from(
    { length: Math.max(1, Math.round(count)) },
    (_, index) => `${random.pick(WORDS)}${index + 1}`,
  );
  return words.join(' ');
}

/** What a reasoning model would show of its reasoning. */
export function reasoningText(prompt: string): string {
  return `The request is ${quote(prompt, 60)}. A simulated model has no thoughts of its own, so this stands in for them: read the request, note what it asks for, then answer briefly.`;
}

function asked(prompt: string): string {
  return prompt.trim() === '' ? 'The request held no text to quote.' : `You asked: ${quote(prompt, 80)}.`;
}

function quote(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const short = Array.from(line).slice(0, length).join('');
  return `"${short === line ? line : `${short.trimEnd()}...`}"`;
}
