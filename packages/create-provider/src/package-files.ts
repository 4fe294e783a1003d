import type { ProviderRequest } from './provider-request.ts';
import { emptySlice, providerFixtures, providerSource, SLICE_HELP } from './provider-source.ts';

/** Files by their path in a folder. */
export type Files = Readonly<Record<string, string>>;

/** The version range of each `@signalbox` package to depend on. */
export type RangeOf = (npmName: string) => string;

const TYPESCRIPT = '^7.0.2';
const NODE_TYPES = '^24.10.0';

/**
 * A package for a provider that lives outside of Signalbox's repository: TypeScript, built with \`tsc\`, tested with \`node --test\` against
 * the conformance suite.
 */
export function packageFiles(request: ProviderRequest, rangeOf: RangeOf, date: string): Files {
  const { name, format } = request;
  const packageName = `signalbox-provider-${name.id}`;
  const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
  const ranges = (names: readonly string[]) => Object.fromEntries(names.map((one) => [one, rangeOf(one)]));
  const options = {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    types: ['node'],
    strict: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    noEmit: true,
  };
  return {
    'package.json': json({
      name: packageName,
      version: '0.1.0',
      description: `${name.display} as a provider for Signalbox.`,
      license: 'MIT',
      type: 'module',
      sideEffects: false,
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
      files: ['dist'],
      engines: { node: '>=22.19' },
      scripts: {
        test: 'tsc && node --test',
        build: 'tsc -p tsconfig.build.json',
        prepack: 'npm run build',
      },
      dependencies: ranges(['@signalbox/core', format.package, '@signalbox/provider-kit']),
      devDependencies: {
        ...ranges(['@signalbox/conformance']),
        '@types/node': NODE_TYPES,
        typescript: TYPESCRIPT,
      },
    }),
    'tsconfig.json': json({ compilerOptions: options, include: ['src', 'test'] }),
    'tsconfig.build.json': json({
      extends: './tsconfig.json',
      compilerOptions: {
        noEmit: false,
        declaration: true,
        rewriteRelativeImportExtensions: true,
        rootDir: 'src',
        outDir: 'dist',
      },
      include: ['src'],
    }),
    '.gitignore': 'node_modules\ndist\n',
    'README.md': readme(request, packageName),
    'src/catalog.json': emptySlice(date),
    'src/index.ts': providerSource(request, true),
    'test/conformance.test.ts': conformanceTest(request),
  };
}

function conformanceTest(request: ProviderRequest): string {
  const imports = [
    "import assert from 'node:assert/strict';",
    "import { describe, it } from 'node:test';",
    "import { describeProvider } from '@signalbox/conformance';",
    `import { ${request.name.constant} } from '../src/index.ts';`,
  ];
  return `${imports.join('\n')}

const expect = (value: unknown, message?: string) => ({
  toBe: (expected: unknown) => assert.equal(value, expected, message),
  toEqual: (expected: unknown) => assert.deepEqual(value, expected, message),
});

// What every provider must do, over real sockets on 127.0.0.1.
describeProvider({ describe, it, expect }, ${request.name.constant}, ${providerFixtures(request)});
`;
}

function readme({ name, format, endpoint }: ProviderRequest, packageName: string): string {
  const imports = [
    "import { createRouter } from '@signalbox/router';",
    `import { ${name.factory} } from '${packageName}';`,
  ];
  return `# ${packageName}

${name.display} (${endpoint}) as a provider for Signalbox.

\`\`\`sh
npm i ${packageName}
\`\`\`

\`\`\`yaml
# .claude-code/router-config.yml; then: signalbox trust
providers:
  ${name.id}:
    package: ${packageName}
    api_key: \${${name.keyVariable}}
    models: [model-id]
\`\`\`

\`\`\`ts
${imports.join('\n')}

const router = createRouter({ providers: [${name.factory}({ apiKey: process.env.${name.keyVariable} })] });
\`\`\`

## Working on it

\`npm install\`, \`npm test\` (types, then Signalbox's conformance suite over local sockets), \`npm run build\`.

1. \`src/index.ts\` says where ${name.display} is and what it wants otherwise than others: the quirks of \`${format.package}\`.
2. ${SLICE_HELP.replaceAll('PROVIDER', name.id)}
`;
}
