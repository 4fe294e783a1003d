import { describe, expect, it } from 'vitest';
import { bundledProviders, providerTypes } from '../apps/cli/src/configuration/bundled-providers.ts';
import { ConfigurationError, configurationJsonSchema, parseConfiguration } from '../packages/config/src/index.ts';
import { unknownModels } from '../packages/setup/src/index.ts';
import { codeBlocksOf, linesOf, type Page, pages } from './markdown.ts';

/** A configuration, or a part of one, that a page shows. */
interface ShownConfiguration {
  readonly place: string;
  /** Each line has the number that it has in the page. */
  readonly text: string;
}

const SECTIONS = Object.keys((configurationJsonSchema() as { properties: object }).properties);
/** `budget: { daily: 5 }`, `budget.daily: 5`; what a reader fills in does not stand in it. */
const IN_TEXT = new RegExp(
  `^(${SECTIONS.filter((name) => name !== '$schema').join('|')})((?:\\.\\w+)*): ([^\\s…<].*)$`,
);

/** Every block of YAML, and in the text each piece of code that begins with a section of the configuration. */
function shownConfigurations(page: Page): readonly ShownConfiguration[] {
  const at = (number: number, text: string) => ({
    place: `${page.path}:${number}`,
    text: '\n'.repeat(number - 1) + text,
  });
  const blocks = codeBlocksOf(page).filter(({ language }) => /^ya?ml$/.test(language));
  const pieces = page.lines
    .filter(({ code }) => code === undefined)
    .flatMap(({ number, text }) =>
      [...text.matchAll(/`([^`]+)`/g)].flatMap(([, inside = '']) => {
        const [, section, deeper = '', value = ''] = IN_TEXT.exec(inside) ?? [];
        if (section === undefined || value.includes('…')) return [];
        const nested = deeper
          .split('.')
          .reduceRight((inner, key) => (key === '' ? inner : `{ ${key}: ${inner} }`), value);
        return [at(number, `${section}: ${nested}`)];
      }),
    );
  return [...blocks.map(({ number, text }) => at(number, text)), ...pieces];
}

/** What the program would say to it. */
function complaints({ place, text }: ShownConfiguration): readonly string[] {
  const env = Object.fromEntries(
    [...text.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => [name, `the reader's ${name}`]),
  );
  const providerNames = Object.keys({ ...bundledProviders, ...providerTypes });
  try {
    const { configuration, warnings } = parseConfiguration(text, {
      file: 'page.yml',
      label: place.replace(/:\d+$/, ''),
      env,
      providerNames,
      strategyNames: [],
    });
    const unknown = unknownModels(configuration, { definitions: bundledProviders, types: providerTypes });
    return [...warnings, ...unknown.map(({ name }) => `${place}: nobody has a model "${name}"`)];
  } catch (error) {
    if (!ConfigurationError.is(error)) throw error;
    return error.message.split('\n');
  }
}

describe('the configurations that pages show', () => {
  const shown = pages().flatMap(shownConfigurations);

  it('are read, and name models that there are', () => {
    expect(shown.length).toBeGreaterThan(50);
    expect(shown.flatMap(complaints)).toEqual([]);
  });

  it.each([
    ['```yaml\nrouting:\n  strategy: best_of_all\n```', 'docs/x.md:3:13'],
    ['Say `caching: { enabeld: true }`.', 'caching.enabeld'],
    ['Say `budget.daly: 5`.', 'budget.daly'],
    ['```yaml\nrouting:\n  fallback_order: [antropic]\n```', 'antropic'],
  ])('a mistake is noticed at its line: %j', (text, reason) => {
    const found = shownConfigurations({ path: 'docs/x.md', lines: linesOf(text) });
    expect(found.flatMap(complaints).join('\n')).toContain(reason);
  });
});
