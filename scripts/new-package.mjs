// node scripts/new-package.mjs NAME "description" [dependency ...]: a package folder in the shape the structure test asks for.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [name, description, ...dependencies] = process.argv.slice(2);
if (!name || !description) {
  console.error('usage: node scripts/new-package.mjs NAME "description" [core provider-kit ... or catalog:zod ...]');
  process.exit(2);
}
const folder = new URL(`../packages/${name}/`, import.meta.url);
if (existsSync(folder)) {
  console.error(`packages/${name} is there already`);
  process.exit(2);
}
const readme = () => `# @signalbox/${name}

${description}

\`\`\`sh
npm i @signalbox/${name}
\`\`\`

## Errors

None yet.
`;
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
mkdirSync(new URL('src/', folder), { recursive: true });
mkdirSync(new URL('test/', folder), { recursive: true });
writeFileSync(
  new URL('package.json', folder),
  json({
    name: `@signalbox/${name}`,
    version: '0.1.0',
    description,
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    repository: {
      type: 'git',
      url: 'git+https://github.com/signalbox-router/signalbox.git',
      directory: `packages/${name}`,
    },
    exports: {
      '.': { '@signalbox/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    files: ['dist'],
    engines: { node: '>=22.19' },
    publishConfig: { access: 'public', provenance: true },
    scripts: { build: 'tsup && tsc -p tsconfig.build.json', typecheck: 'tsc' },
    dependencies: Object.fromEntries(
      dependencies.map((one) =>
        one.startsWith('catalog:') ? [one.slice('catalog:'.length), 'catalog:'] : [`@signalbox/${one}`, 'workspace:^'],
      ),
    ),
  }),
);
writeFileSync(
  new URL('tsconfig.json', folder),
  json({ extends: '../../tsconfig.base.json', include: ['src', 'test'] }),
);
writeFileSync(
  new URL('tsconfig.build.json', folder),
  json({
    extends: '../../tsconfig.base.json',
    compilerOptions: { customConditions: [], noEmit: false, emitDeclarationOnly: true, rootDir: 'src', outDir: 'dist' },
    include: ['src'],
  }),
);
writeFileSync(
  new URL('tsup.config.ts', folder),
  "import { defineConfig } from 'tsup';\nimport { packageBuild } from '../../tsup.config.base.ts';\n\nexport default defineConfig(packageBuild);\n",
);
writeFileSync(new URL('src/index.ts', folder), 'export {};\n');
writeFileSync(new URL('README.md', folder), readme());
console.log(`packages/${name}: ${fileURLToPath(folder)}`);
