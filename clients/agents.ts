import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ClientRun } from './client-run.ts';
import { KEY } from './gateway-with-providers.ts';

/** A coding agent, started without a terminal for one question that wants a tool. */
export interface Agent {
  readonly name: string;
  readonly npm: string;
  /** The API that it speaks to the gateway. */
  readonly api: string;
  run(place: { readonly bin: string; readonly gateway: string; readonly model: string }): ClientRun;
}

/** What the shell prints and no prompt holds: it is in an answer only if the tool ran and its result came back to the model. */
export const TOOL_RESULT = 'ran-42';
const COMMAND = "printf 'ran-%s' 42";

/** A prompt to which the simulator is told to answer with the call of a shell: one word, since opencode quotes what has blanks in it. */
export const SHELL_TEST = 'run-the-shell-test';
export const SHELL_CALL = { name: 'bash', arguments: { command: COMMAND, description: 'print' } };

const ask = (tool: string, args: object) =>
  `[[simulate: toolCall=${tool} ${JSON.stringify(args)}]] Run the command and say what it printed.`;

/** A home and a project that are empty, and the little of the environment that a program needs. */
function freshPlace(bin: string): { home: string; project: string; env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-client-'));
  const home = join(folder, 'home');
  const project = join(folder, 'project');
  mkdirSync(home);
  mkdirSync(project);
  return {
    home,
    project,
    env: {
      HOME: home,
      PATH: `${dirname(process.execPath)}:${bin}:${process.env.PATH ?? ''}`,
      TERM: 'dumb',
      NO_COLOR: '1',
    },
  };
}

const claude: Agent = {
  name: 'Claude Code',
  npm: '@anthropic-ai/claude-code',
  api: 'Messages',
  run({ bin, gateway, model }) {
    const { project, env } = freshPlace(bin);
    return {
      command: join(bin, 'claude'),
      args: ['-p', ask('Bash', { command: COMMAND, description: 'print' }), '--allowedTools', 'Bash', '--model', model],
      cwd: project,
      env: {
        ...env,
        ANTHROPIC_BASE_URL: gateway,
        ANTHROPIC_AUTH_TOKEN: KEY,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        CLAUDE_CODE_MAX_RETRIES: '1',
      },
    };
  },
};

const codex: Agent = {
  name: 'Codex',
  npm: '@openai/codex',
  api: 'Responses',
  run({ bin, gateway, model }) {
    const { home, project, env } = freshPlace(bin);
    mkdirSync(join(home, '.codex'));
    writeFileSync(
      join(home, '.codex', 'config.toml'),
      `model = "${model}"
model_provider = "gw"
[model_providers.gw]
name = "gw"
base_url = "${gateway}/v1"
env_key = "GW_KEY"
wire_api = "responses"
`,
    );
    return {
      command: join(bin, 'codex'),
      args: [
        'exec',
        '--skip-git-repo-check',
        '--dangerously-bypass-approvals-and-sandbox',
        ask('exec_command', { cmd: COMMAND }),
      ],
      cwd: project,
      env: { ...env, CODEX_HOME: join(home, '.codex'), GW_KEY: KEY },
    };
  },
};

const gemini: Agent = {
  name: 'Gemini CLI',
  npm: '@google/gemini-cli',
  api: 'Gemini',
  run({ bin, gateway, model }) {
    const { home, project, env } = freshPlace(bin);
    mkdirSync(join(home, '.gemini'));
    writeFileSync(
      join(home, '.gemini', 'settings.json'),
      JSON.stringify({
        security: { auth: { selectedType: 'gemini-api-key' } },
        privacy: { usageStatisticsEnabled: false },
      }),
    );
    return {
      command: join(bin, 'gemini'),
      args: ['-y', '-m', model, '-p', ask('run_shell_command', { command: COMMAND })],
      cwd: project,
      env: { ...env, GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: gateway, GEMINI_CLI_TRUST_WORKSPACE: 'true' },
    };
  },
};

/** opencode speaks all four APIs, by the package that a provider names. */
const OPENCODE_APIS: readonly (readonly [api: string, npm: string, path: string])[] = [
  ['Chat Completions', '@ai-sdk/openai-compatible', '/v1'],
  ['Responses', '@ai-sdk/openai', '/v1'],
  ['Messages', '@ai-sdk/anthropic', '/v1'],
  ['Gemini', '@ai-sdk/google', '/v1beta'],
];

const opencodes = OPENCODE_APIS.map(
  ([api, npm, path]): Agent => ({
    name: 'opencode',
    npm: 'opencode-ai',
    api,
    run({ bin, gateway, model }) {
      const { project, env } = freshPlace(bin);
      const options = { baseURL: `${gateway}${path}`, apiKey: KEY };
      const content = { provider: { gw: { npm, name: 'gw', options, models: { [model]: { name: model } } } } };
      writeFileSync(join(project, 'opencode.json'), JSON.stringify(content));
      return {
        command: join(bin, 'opencode'),
        // A directive could not be read in its quotes.
        args: ['run', '-m', `gw/${model}`, SHELL_TEST],
        cwd: project,
        env: { ...env, OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' },
      };
    },
  }),
);

export const AGENTS: readonly Agent[] = [claude, codex, gemini, ...opencodes];
