// npm run new-provider -- acme [--format FORMAT] [--endpoint URL]: a provider package of this repository, ready to be tested.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  emptySlice,
  PROVIDER_FORMATS,
  type ProviderRequest,
  providerFixtures,
  providerSource,
  readWords,
  SLICE_HELP,
} from '../packages/create-provider/src/index.ts';

const HELP = `usage: npm run new-provider -- NAME [--format FORMAT] [--endpoint URL] [--root FOLDER]

Writes packages/provider-NAME with its test, README, catalogue slice and changeset, lists it in README.md, gives it a size budget, and installs it.

  --format FORMAT  ${PROVIDER_FORMATS.map((one) => one.id).join(', ')}; default: openai-chat
  --endpoint URL   the vendor's base address; default: a placeholder
  --root FOLDER    the repository to write to, without installing; default: this one
  --help           this text
`;

/** Where every package has a budget for its size. */
const SIZES = 'scripts/package-sizes.ts';
/** Kilobytes that a provider has room in until it lists its models; a quarter above what is written here. */
const FIRST_BUDGET = 10;

process.exitCode = run(process.argv.slice(2));

function run(words: readonly string[]): number {
  const read = readWords(words, 'root', HELP);
  if ('problem' in read) return fail(read.problem, 2);
  if ('help' in read) {
    process.stdout.write(read.help);
    return 0;
  }
  const { request } = read;
  const here = fileURLToPath(new URL('..', import.meta.url));
  const root = read.folder ?? here;
  const folder = `packages/provider-${request.name.id}`;
  if (existsSync(join(root, folder))) return fail(`${folder} is there already.`, 1);
  const files = filesOf(request, folder);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const readme = join(root, 'README.md');
  writeFileSync(readme, withRow(readFileSync(readme, 'utf8'), folder, request.name.display));
  const sizes = join(root, SIZES);
  writeFileSync(sizes, withBudget(readFileSync(sizes, 'utf8'), `@signalbox/provider-${request.name.id}`));
  if (read.folder === undefined) {
    const written = [...Object.keys(files), 'README.md', SIZES].filter(
      (path) => !/catalog\.json$|^\.changeset/.test(path),
    );
    const commands = [
      ['biome', 'check', '--write', ...written],
      ['pnpm', 'install', '--no-frozen-lockfile'],
    ] as const;
    for (const [program, ...rest] of commands) {
      const { status } = spawnSync(join(here, 'node_modules/.bin', program), rest, {
        cwd: here,
        stdio: ['ignore', 2, 2],
      });
      if (status !== 0) return fail(`${program} failed: see above.`, 1);
    }
  }
  process.stdout.write(
    `${folder}\n\nNext: npx vitest run ${folder}, then say in src/index.ts what the vendor wants otherwise.\n`,
  );
  return 0;
}

function fail(message: string, code: number): number {
  process.stderr.write(`new-provider: ${message}\n`);
  return code;
}

function filesOf(request: ProviderRequest, folder: string): Readonly<Record<string, string>> {
  const { name, format } = request;
  const npmName = `@signalbox/provider-${name.id}`;
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  const build = { customConditions: [], noEmit: false, emitDeclarationOnly: true, rootDir: 'src', outDir: 'dist' };
  const workspace = (names: readonly string[]) => Object.fromEntries(names.map((one) => [one, 'workspace:^']));
  const manifest = {
    name: npmName,
    version: '0.1.0',
    description: `${name.display} as a Signalbox provider.`,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    repository: { type: 'git', url: 'git+https://github.com/signalbox-router/signalbox.git', directory: folder },
    exports: {
      '.': { '@signalbox/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist'],
    engines: { node: '>=22.19' },
    publishConfig: { access: 'public', provenance: true },
    scripts: { build: 'tsup && tsc -p tsconfig.build.json', typecheck: 'tsc' },
    dependencies: workspace(['@signalbox/core', format.package, '@signalbox/provider-kit']),
    devDependencies: workspace(['@signalbox/conformance']),
  };
  const test = [
    "import { describeProvider } from '@signalbox/conformance';",
    "import { describe, expect, it } from 'vitest';",
    `import { ${name.constant} } from '../src/index.ts';`,
    '',
    `describeProvider({ describe, it, expect }, ${name.constant}, ${providerFixtures(request)});`,
    '',
  ];
  const tsup = [
    "import { defineConfig } from 'tsup';",
    "import { packageBuild } from '../../tsup.config.base.ts';",
    '',
    'export default defineConfig(packageBuild);',
    '',
  ];
  const inFolder = {
    'package.json': json(manifest),
    'tsconfig.json': json({ extends: '../../tsconfig.base.json', include: ['src', 'test'] }),
    'tsconfig.build.json': json({ extends: '../../tsconfig.base.json', compilerOptions: build, include: ['src'] }),
    'tsup.config.ts': tsup.join('\n'),
    'README.md': readmeOf(request, npmName),
    'src/index.ts': providerSource(request, false),
    'src/catalog.json': emptySlice(new Date().toISOString().slice(0, 10)),
    'test/conformance.test.ts': test.join('\n'),
  };
  return {
    ...Object.fromEntries(Object.entries(inFolder).map(([path, text]) => [`${folder}/${path}`, text])),
    [`.changeset/provider-${name.id}.md`]: `---\n"${npmName}": minor\n---\n\n${name.display} as a provider.\n`,
  };
}

/** The table of budgets with a row for a package, where the alphabet has it. */
function withBudget(sizes: string, npmName: string): string {
  const row = `  '${npmName}': ${FIRST_BUDGET},\n`;
  const next = [...sizes.matchAll(/^ {2}'(@signalbox\/[\w-]+)': \d+,/gm)].find(([, name = '']) => name > npmName);
  return next === undefined
    ? sizes.replace(/^};$/m, `${row}};`)
    : `${sizes.slice(0, next.index)}${row}${sizes.slice(next.index)}`;
}

function readmeOf({ name, format, endpoint }: ProviderRequest, npmName: string): string {
  const example = [
    `import { ${name.factory} } from '${npmName}';`,
    "import { createRouter } from '@signalbox/router';",
    '',
    `const router = createRouter({ providers: [${name.factory}({ apiKey: process.env.${name.keyVariable} })] });`,
  ];
  return `# ${npmName}

${name.display} (${endpoint}) as a [Signalbox](../../README.md) provider.

\`\`\`sh
npm i @signalbox/router ${npmName}
\`\`\`

\`\`\`ts
${example.join('\n')}
\`\`\`

| setting | meaning | default |
| --- | --- | --- |
| \`apiKey\` | sent as \`${format.header}\`; a configuration reads it from \`${name.keyVariable}\` | needed, but for an endpoint on this machine |
| \`endpoint\` | base URL, with or without \`${format.versionPath}\` | \`${endpoint}\` |
| \`headers\`, \`id\`, \`models\` | see \`ProviderSettings\` in \`@signalbox/core\` | |

${SLICE_HELP.replaceAll('PROVIDER', name.id)}

## Supported features

What \`${format.package}\` carries, and what the conformance suite asks of every provider. With a row in \`readme/feature-pages.ts\`, \`npm run readme:write\` writes them here.

## Errors

\`create\` throws \`RouterError\` \`missing-key\` (naming the variable) and \`configuration\` (a bad endpoint). Calls throw \`ProviderError\` \`connect\`,
\`connection-lost\` or \`aborted\`; error answers are classified by \`${format.package}\`.
`;
}

/** README.md with a row for the package after the other providers'. */
function withRow(readme: string, folder: string, display: string): string {
  const lines = readme.split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('| `packages/provider-'));
  if (last === -1) return readme;
  return [...lines.slice(0, last + 1), `| \`${folder}\` | ${display} |`, ...lines.slice(last + 1)].join('\n');
}
