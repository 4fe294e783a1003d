import type { ConfigurationBlock, ConfigurationKey } from './rows.ts';

const HEAD = `# All keys of the configuration

Written by \`npm run configuration:write\` from the schema that files are checked with. [configuration.md](configuration.md) explains, this page looks up.

- A dot goes one level deeper: \`routing.strategy\` is \`strategy:\` below \`routing:\`. \`<name>\` is a name of your own, \`[]\` each item of a list.
- dollars: \`50\` or \`50.00\`. time: \`30s\`, \`500ms\`, \`1h\`, \`30d\`; a bare number is seconds. share: \`80\`, \`0.80\` or \`"80%"\`. size: \`256MB\`, or bytes.
  requests in a time: \`50/minute\`. Every value may be \`\${VARIABLE}\`, from the environment or \`.env\`.
- What one key says in two places means the same; the place that is named first is the main one. A file that says two different things is refused.
- An unknown key is an error that names file, line, column and what was probably meant.
- \`signalbox config show\` prints what holds and where it comes from, \`signalbox config schema\` the same as below for your editor.
`;

const COLUMNS = ['key', 'value', 'default', 'example', 'meaning'] as const;

/** The text of docs/configuration-reference.md. */
export function configurationPage(blocks: readonly ConfigurationBlock[]): string {
  const sections = blocks.map(({ name, meaning, keys }) => {
    const title = name === '' ? '## On their own' : `## \`${name}\``;
    return `${title}\n\n${meaning}\n\n${table([[...COLUMNS], ...keys.map(cellsOf)])}`;
  });
  return `${[HEAD, ...sections].join('\n')}`;
}

function cellsOf({ path, type, defaultValue, meaning, example, also }: ConfigurationKey): readonly string[] {
  const others = also.length === 0 ? '' : ` Also ${also.map((one) => `\`${one}\``).join(', ')}.`;
  return [`\`${path}\``, type, defaultValue ?? '', `\`${example}\``, `${meaning}${others}`].map(escaped);
}

/** Bars would end a cell. */
const escaped = (cell: string) => cell.replaceAll('|', '\\|');

/** A table whose columns stand in line, as the formatter leaves it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = COLUMNS.map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return `${[line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')}\n`;
}
