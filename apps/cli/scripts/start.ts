// `npm start -- ARGS` in a checkout: the same as `signalbox ARGS` in the folder where npm was called. npm runs scripts in
// the project's folder and leaves the caller's in INIT_CWD.
const folder = process.env.INIT_CWD;
if (folder !== undefined && folder !== '') process.chdir(folder);
await import('../src/cli.ts');
