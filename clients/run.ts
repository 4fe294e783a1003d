// npm run clients: the real clients and SDKs against the gateway, through providers of every format.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AGENTS, SHELL_CALL, SHELL_TEST, TOOL_RESULT } from './agents.ts';
import { CACHE_FOLDER, installClients } from './cache-folder.ts';
import { type ClientRun, type RunEnd, runToEnd } from './client-run.ts';
import { PROVIDERS, startScene } from './gateway-with-providers.ts';
import { installedVersion } from './install-packages.ts';
import { placePrograms, SDKS, sdkRun } from './sdks.ts';

const HELP = `npm run clients [-- --only codex,ollama] [--behind Gemini] [--cache FOLDER] [--verbose]

Installs Claude Code, Codex, Gemini CLI, opencode and the SDKs from npm into ${CACHE_FOLDER}
(or --cache), and lets each have an answer and a turn with a tool through the gateway, with the
simulator in the place of a provider of each format. Nothing of yours is read or changed; no provider is called.

--cache    a folder to install into, outside of this repository
--only     these clients, by a part of their name
--behind   only providers of these formats: ${PROVIDERS.map(([format]) => format).join(', ')}
--verbose  what a client printed, where it failed

Exit code 0: all passed.`;

/** A coding agent starts slowly, and on a busy machine more so. */
const LIMIT_MS = 120_000;

interface Client {
  readonly name: string;
  readonly npm: string;
  readonly api: string;
  run(gateway: string, model: string): ClientRun;
  /** What is wrong with how it ended; undefined: nothing. */
  complaint(end: RunEnd): string | undefined;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      behind: { type: 'string' },
      cache: { type: 'string', default: CACHE_FOLDER },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const folder = resolve(values.cache);
  installClients(folder);
  placePrograms(folder);
  const clients = allClients(folder).filter((one) => isNamed(one.name, values.only));
  const providers = PROVIDERS.filter(([format]) => isNamed(format, values.behind));
  const scene = await startScene();
  scene.simulator.script([{ when: { prompt: SHELL_TEST }, behave: { toolCall: [SHELL_CALL] } }]);
  let failed = 0;
  console.log(
    row(
      'client',
      'version',
      'speaks',
      providers.map(([format]) => format),
    ),
  );
  try {
    for (const client of clients) {
      const cells: string[] = [];
      const complaints: string[] = [];
      for (const [format, model] of providers) {
        const end = await runToEnd(client.run(scene.url, model), LIMIT_MS);
        const complaint = end.code === null ? `it was not over after ${LIMIT_MS / 1000} s` : client.complaint(end);
        cells.push(complaint === undefined ? 'pass' : 'FAIL');
        if (complaint === undefined) continue;
        failed += 1;
        complaints.push(`  behind ${format}: ${complaint}${values.verbose ? `\n${end.output.slice(-3_000)}` : ''}`);
      }
      console.log(row(client.name, installedVersion(folder, client.npm), client.api, cells));
      for (const complaint of complaints) console.log(complaint);
    }
  } finally {
    await scene.close();
  }
  console.log(failed === 0 ? '\nall passed' : `\n${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function allClients(folder: string): readonly Client[] {
  const bin = `${folder}/node_modules/.bin`;
  const agents = AGENTS.map(
    (agent): Client => ({
      ...agent,
      run: (gateway, model) => agent.run({ bin, gateway, model }),
      complaint({ code, output }) {
        if (code !== 0) return `it ended with code ${code}: ${lastLine(output)}`;
        return output.includes(TOOL_RESULT)
          ? undefined
          : `the result of the tool is not in its answer: ${lastLine(output)}`;
      },
    }),
  );
  const sdks = SDKS.map(
    (sdk): Client => ({
      ...sdk,
      run: (gateway, model) => sdkRun(sdk, folder, gateway, model),
      complaint: ({ code, output }) => (code === 0 && /^ok$/m.test(output) ? undefined : lastLine(output)),
    }),
  );
  return [...agents, ...sdks];
}

const isNamed = (name: string, wanted: string | undefined) =>
  wanted === undefined || wanted.split(',').some((part) => name.toLowerCase().includes(part.trim().toLowerCase()));

function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'it printed nothing').trim().slice(0, 300);
}

function row(name: string, version: string, api: string, cells: readonly string[]): string {
  return [name.padEnd(18), version.padEnd(9), api.padEnd(16), ...cells.map((cell) => cell.padEnd(16))]
    .join('  ')
    .trimEnd();
}

process.exitCode = await main();
