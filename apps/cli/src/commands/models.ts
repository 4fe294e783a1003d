import { formatUsd, type ModelFacts } from '@signalbox/core';
import { createModelCatalog } from '@signalbox/model-catalog';
import { bundledProviders, providerTypes } from '../configuration/bundled-providers.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { fittedTable } from '../terminal/fitted-table.ts';
import { outputColors } from '../terminal/output-colors.ts';
import { say } from '../terminal/say.ts';
import { terminalWidth } from '../terminal/terminal-width.ts';

/** `signalbox models [text]`: what the catalogue knows. */
export async function models(
  words: readonly string[],
  options: { provider?: string | undefined; all: boolean; json: boolean },
): Promise<number> {
  const catalog = createModelCatalog(
    Object.fromEntries(Object.values({ ...bundledProviders, ...providerTypes }).map((one) => [one.id, one.catalog])),
  );
  const now = Date.now();
  const found = catalog.search({
    text: words.join(' '),
    provider: options.provider,
    type: options.all ? undefined : 'chat',
    includeRetired: options.all,
  });
  const rows = found.map((facts) => ({ facts, rates: catalog.currentRates(facts, now) }));
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify(
        rows.map(({ facts, rates }) => ({ ...facts, currentRates: rates ?? null })),
        null,
        2,
      )}\n`,
    );
    return EXIT.success;
  }
  if (rows.length === 0) {
    const nearest = catalog.nearest(words.join('-'), 3);
    process.stderr.write(
      `No model fits. ${nearest.length > 0 ? `Near: ${nearest.join(', ')}. ` : ''}Retired ones: --all.\n`,
    );
    return EXIT.failure;
  }
  const colors = outputColors(process.stdout);
  const table = fittedTable(
    [
      { head: 'model' },
      { head: 'provider', drop: 1 },
      { head: 'context', align: 'right' },
      { head: 'output', align: 'right', drop: 2 },
      { head: '$/M in', align: 'right' },
      { head: '$/M out', align: 'right' },
      { head: 'can', drop: 3 },
    ],
    rows.map(({ facts, rates }) => [
      facts.status === 'retired' ? colors.dim(`${facts.id} (retired)`) : facts.id,
      facts.provider,
      tokens(facts.contextWindow),
      tokens(facts.maxOutput),
      rates?.input === undefined ? '?' : formatUsd(rates.input).slice(1),
      rates?.output === undefined ? '?' : formatUsd(rates.output).slice(1),
      abilities(facts),
    ]),
    terminalWidth(process.stdout),
  );
  process.stdout.write(`${table}\n`);
  say(
    `${rows.length} models; prices of today in dollars per million tokens, facts gathered ${catalog.ageInDays(now)} days ago`,
  );
  return EXIT.success;
}

function tokens(count: number | undefined): string {
  if (count === undefined) return '?';
  return count >= 1_000_000 ? `${Number((count / 1_000_000).toFixed(2))}M` : `${Math.round(count / 1_000)}k`;
}

function abilities({ capabilities }: ModelFacts): string {
  const words: readonly (readonly [string, boolean | undefined])[] = [
    ['tools', capabilities.tools],
    ['images', capabilities.vision],
    ['pdf', capabilities.pdf],
    ['audio', capabilities.audioIn],
    ['schema', capabilities.jsonSchema],
    ['reasoning', capabilities.reasoning],
  ];
  return words
    .filter(([, able]) => able === true)
    .map(([word]) => word)
    .join(' ');
}
