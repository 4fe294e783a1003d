/**
 * How a user's script is loaded in a process of its own, as a part of that process's program: `load(file, text)` gives its exports, be it CommonJS, ESM or TypeScript by its
 * content. Plain JavaScript, CommonJS.
 */
export const SCRIPT_LOADER = String.raw`
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

process.on('disconnect', () => process.exit());

async function load(file, text) {
  const source = stripped(text);
  if (!/^\s*(?:import\s*[\w{*'"]|export\s+(?:default|const|let|var|function|async|class|\{|\*))/m.test(source)) {
    const script = new Module(file);
    script.filename = file;
    script.paths = Module._nodeModulePaths(path.dirname(file));
    script._compile(source, file);
    return script.exports;
  }
  const url = pathToFileURL(file).href;
  Module.registerHooks({
    resolve: (wanted, context, next) => (wanted === url ? { url, shortCircuit: true } : next(wanted, context)),
    load: (wanted, context, next) =>
      wanted === url ? { format: 'module', source, shortCircuit: true } : next(wanted, context),
  });
  return import(url);
}

/** Types are taken out; what can't be read as TypeScript stays as it is, for an error in the words of JavaScript. */
function stripped(code) {
  try {
    return Module.stripTypeScriptTypes(code);
  } catch {
    return code;
  }
}
`;
