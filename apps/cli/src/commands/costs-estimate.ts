import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type Candidate,
  estimateTokens,
  formatUsd,
  type NanoUsd,
  nanoToUsd,
  type Rates,
  RouterError,
  ratesAt,
} from '@signalbox/core';
import { createPricing } from '@signalbox/cost-tracker';
import { loadRouter } from '../configuration/load-router.ts';
import { EXIT } from '../terminal/exit-code.ts';

export interface CostsEstimateOptions {
  readonly models?: string | undefined;
  readonly outputTokens?: number | undefined;
  readonly json: boolean;
  readonly config?: string | undefined;
}

interface Estimate {
  readonly candidate: Candidate;
  readonly inputUsd: NanoUsd;
  readonly outputUsd: NanoUsd;
  readonly totalUsd: NanoUsd;
  readonly rates: Rates;
}

/** `signalbox costs estimate FILE|"prompt"`: what a task would cost with each model. No call is made. */
export async function costsEstimate(words: readonly string[], options: CostsEstimateOptions): Promise<number> {
  const task = await readTask(words);
  const ready = await loadRouter({ config: options.config });
  try {
    const request = {
      system: [],
      messages: [{ role: 'user' as const, parts: [{ type: 'text' as const, text: task.text }] }],
    };
    const inbound = { head: { stream: false }, request: () => request };
    const candidates = chosenCandidates(ready, options.models);
    const { task: profile } = ready.router.decide({ inbound });
    const input = estimateTokens(task.text);
    const output = options.outputTokens ?? profile?.expectedOutputTokens ?? 500;
    const { known, unknown } = estimate(candidates, input, output, Date.now());
    if (options.json) {
      const models = known.map(({ candidate, inputUsd, outputUsd, totalUsd }) => ({
        model: candidate.id,
        inputUsd: nanoToUsd(inputUsd),
        outputUsd: nanoToUsd(outputUsd),
        totalUsd: nanoToUsd(totalUsd),
        totalNanoUsd: totalUsd,
      }));
      const shown = {
        task: task.title,
        inputTokens: input,
        outputTokens: output,
        provenance: 'estimated',
        models,
        unknownPrices: unknown,
      };
      process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    } else process.stdout.write(`${textOf(task.title, known, unknown, input, output).join('\n')}\n`);
    return EXIT.success;
  } finally {
    await ready.close();
  }
}

/** One word that looks like a file's name: more likely a slip than a prompt. */
const PATH = /^\S*(?:[/\\]\S+|\w\.[a-zA-Z]\w{0,9})$/;

/** A file, or the prompt itself. Throws RouterError `usage`. */
async function readTask(words: readonly string[]): Promise<{ readonly title: string; readonly text: string }> {
  const [first] = words;
  if (first === undefined) {
    throw new RouterError({
      kind: 'usage',
      message: 'There is nothing to estimate: name a file, or write a prompt in quotes.',
    });
  }
  const isFile =
    words.length === 1 &&
    (await stat(first).then(
      (found) => found.isFile(),
      () => false,
    ));
  if (!isFile) {
    if (words.length === 1 && PATH.test(first)) {
      throw new RouterError({
        kind: 'usage',
        message: `There is no file ${first}; to estimate it as a prompt, write more than its name.`,
      });
    }
    const text = words.join(' ');
    return { title: text.length > 60 ? `${text.slice(0, 57)}...` : text, text };
  }
  const text = await readFile(first, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new RouterError({ kind: 'usage', message: `${first} can't be read (${error.code}).` });
  });
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { title: `${basename(first)} (${lines} lines)`, text };
}

function chosenCandidates(
  ready: Awaited<ReturnType<typeof loadRouter>>,
  models: string | undefined,
): readonly Candidate[] {
  if (models === undefined) return ready.candidates;
  const names = models
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.flatMap((name) => ready.resolver.model(name).candidates[0] ?? []);
}

function estimate(candidates: readonly Candidate[], input: number, output: number, at: number) {
  const pricing = createPricing();
  const known: Estimate[] = [];
  const unknown: string[] = [];
  for (const candidate of candidates) {
    const inputUsd = pricing.predict(candidate.facts, input, 0, at);
    const totalUsd = pricing.predict(candidate.facts, input, output, at);
    const rates = ratesAt(candidate.facts.prices, at, { inputTokens: input });
    if (inputUsd === undefined || totalUsd === undefined || rates === undefined) unknown.push(candidate.id);
    else known.push({ candidate, inputUsd, outputUsd: totalUsd - inputUsd, totalUsd, rates });
  }
  known.sort((one, other) => other.totalUsd - one.totalUsd);
  return { known, unknown };
}

function textOf(
  title: string,
  known: readonly Estimate[],
  unknown: readonly string[],
  input: number,
  output: number,
): readonly string[] {
  const lines = [`Task: "${title}"`, ''];
  for (const { candidate, inputUsd, outputUsd, totalUsd, rates } of known) {
    lines.push(
      `Using ${candidate.id}:`,
      `  Input:  ${thousands(input)} tokens × ${perThousand(rates.input)} = ${estimated(inputUsd)}`,
      `  Output: ${thousands(output)} tokens × ${perThousand(rates.output)} = ${estimated(outputUsd)}`,
      `  Total:  ${estimated(totalUsd)}`,
      '',
    );
  }
  if (unknown.length > 0) lines.push(`Unknown price: ${unknown.join(', ')}`, '');
  const dearest = known[0];
  const cheapest = known.filter(({ totalUsd }) => totalUsd > 0).at(-1);
  if (dearest !== undefined && cheapest !== undefined && dearest.totalUsd > cheapest.totalUsd) {
    const times = dearest.totalUsd / cheapest.totalUsd;
    lines.push(
      `Savings: ${cheapest.candidate.id} is ${times >= 10 ? Math.round(times) : times.toFixed(1)}x cheaper than ${dearest.candidate.id}!`,
      '         (if quality is acceptable)',
      '',
    );
  }
  const free = known.filter(({ totalUsd }) => totalUsd === 0).map(({ candidate }) => candidate.id);
  if (free.length > 0) lines.push(`Free: ${free.join(', ')}`, '');
  lines.push('Tokens are estimated, within about 15 %; prices are for a thousand tokens.');
  return lines;
}

/** `2k`, `1.5k`, `312`. */
function thousands(tokens: number): string {
  return tokens < 1_000 ? String(tokens) : `${Number((tokens / 1_000).toFixed(1))}k`;
}

/** Nano-dollars for a million tokens as dollars for a thousand. */
function perThousand(rate: number | undefined): string {
  return rate === undefined ? '?' : `$${Number((nanoToUsd(rate) / 1_000).toPrecision(6))}`;
}

/** Three figures that count, so that the parts add up to the total: `$0.030`, `$0.105`, `$0.00175`. */
function estimated(nano: NanoUsd): string {
  const usd = nanoToUsd(nano);
  if (usd === 0 || usd >= 1) return formatUsd(nano);
  const digits = Math.min(9, Math.max(3, 2 - Math.floor(Math.log10(usd))));
  return `$${usd.toFixed(digits).replace(/(\.\d{3}\d*?)0+$/, '$1')}`;
}
