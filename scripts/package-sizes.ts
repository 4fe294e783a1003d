/**
 * Kilobytes (1,000 bytes) of each tarball at most: what `npm install` downloads, source maps included. A quarter above what it was when the budget was set.
 * Whoever needs more says why where this table is changed.
 */
export const SIZE_BUDGETS: Readonly<Record<string, number>> = {
  signalbox: 1500,
  '@signalbox/batch': 30,
  '@signalbox/cache': 30,
  '@signalbox/config': 185, // descriptions of every key, and what is imported from other routers
  '@signalbox/conformance': 50,
  '@signalbox/core': 170, // texts of large bodies read apart, and streams that are taken
  '@signalbox/cost-tracker': 75, // budgets of keys and rules, comparisons of policies
  '@signalbox/create-provider': 20,
  '@signalbox/format-anthropic': 125,
  '@signalbox/format-gemini': 125,
  '@signalbox/format-ollama': 65,
  '@signalbox/format-openai': 275,
  '@signalbox/gateway': 145,
  '@signalbox/model-catalog': 25,
  '@signalbox/provider-anthropic': 15,
  '@signalbox/provider-google': 15,
  '@signalbox/provider-kit': 40, // rules for the settings of every provider
  '@signalbox/provider-ollama': 10,
  '@signalbox/provider-openai': 20,
  '@signalbox/provider-openai-compatible': 60,
  '@signalbox/rate-limit': 40, // windows that processes share
  '@signalbox/redaction': 10,
  '@signalbox/router': 230, // what providers keep, asked for again
  '@signalbox/setup': 90,
  '@signalbox/simulator': 150,
  '@signalbox/store-sqlite': 160, // who keeps which answer
  '@signalbox/strategies': 35, // rules for the options of each
  '@signalbox/task-analysis': 875,
};

/** The packages that are larger than their budget, or have none, a sentence each. */
export function oversized(packages: readonly { readonly name: string; readonly size: number }[]): readonly string[] {
  return packages.flatMap(({ name, size }) => {
    const budget = SIZE_BUDGETS[name];
    if (budget === undefined) return [`${name} has no size budget: give it one in scripts/package-sizes.ts.`];
    if (size <= budget * 1_000) return [];
    return [
      `${name} is ${Math.ceil(size / 1_000)} kB as packed, and its budget is ${budget} kB (scripts/package-sizes.ts).`,
    ];
  });
}
