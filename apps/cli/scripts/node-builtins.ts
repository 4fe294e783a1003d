import { builtinModules } from 'node:module';
import { relative } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * Modules that take Node milliseconds to load, and whose functions are not called by every command that could: they are loaded at the first call. None of these functions needs
 * a `this`.
 */
const AT_THE_FIRST_CALL: ReadonlySet<string> = new Set([
  'child_process',
  'crypto',
  'fs/promises',
  'net',
  'readline',
  'v8',
]);

/**
 * Modules of Node without an `import` of them. An import makes a module of them, for which Node reads all their names, and with some it loads what nobody asked for: `WebSocket` of
 * node:http its own fetch (14 MB of memory and 40 ms of CPU), `webcrypto` of node:crypto, `stdin` of node:process.
 */
export const nodeBuiltins: Plugin = {
  name: 'node-builtins',
  setup(build) {
    const names = [...builtinModules.filter((name) => !/^_|^node:/.test(name)), 'sqlite'];
    build.onResolve({ filter: new RegExp(`^(?:node:)?(?:${names.join('|')})$`) }, ({ path, kind, importer }) => {
      if (kind !== 'import-statement') return undefined;
      // One for each file that imports it: none of them loads what another needs.
      return {
        path: `${path.replace(/^node:/, '')} for ${relative(process.cwd(), importer)}`,
        namespace: 'node-builtins',
        sideEffects: false,
        pluginData: path.replace(/^node:/, ''),
      };
    });
    build.onLoad({ filter: /.*/, namespace: 'node-builtins' }, ({ pluginData }) => ({
      contents: membersOf(String(pluginData)),
    }));
  },
};

/** Each name is a statement of its own, so that the bundle has those that somebody uses. */
function membersOf(module: string): string {
  const builtin: object = process.getBuiltinModule(`node:${module}`) ?? {};
  const later = AT_THE_FIRST_CALL.has(module);
  const lines = Object.entries(Object.getOwnPropertyDescriptors(builtin))
    .filter(([name]) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
    .map(([name, { value }]) =>
      later && typeof value === 'function' && /^[a-z]/.test(name)
        ? `export const ${name} = (...values) => members().${name}(...values);`
        : `export const ${name} = /* @__PURE__ */ (() => members().${name})();`,
    );
  // A whole module is named by what uses few of its functions, such as commander: it has them by their names.
  const whole = later
    ? '/* @__PURE__ */ new Proxy({}, { get: (_, name) => members()[name] })'
    : '/* @__PURE__ */ members()';
  return `let loaded;
const members = () => (loaded ??= process.getBuiltinModule('node:${module}'));
${lines.join('\n')}
export default ${whole};`;
}
