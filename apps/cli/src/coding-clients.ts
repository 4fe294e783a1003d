import { geminiHome } from './gemini-home.ts';

/** Where a client is to find the gateway. */
interface GatewayAccess {
  readonly url: string;
  /** Opens the gateway. */
  readonly key: string;
  /** A folder of this run that only the user may write into, for what a client reads from a file only. */
  readonly folder: string;
  /** Whether the client's own login goes on to its vendor: then the key must not take its place. */
  readonly ownLogin: boolean;
  /** What the caller's own arguments say of the model: then it is not chosen here. */
  readonly namesModel: boolean;
  /** The names that the gateway takes, for a client that takes none that it was not told of. */
  models(): Promise<readonly OfferedModel[]>;
}

/** A model of the gateway, or a name that is routed. */
export interface OfferedModel {
  readonly name: string;
  readonly title: string;
  /** Tokens; undefined where nothing is known of it. */
  readonly limit?: { readonly context: number; readonly output: number } | undefined;
}

/** How a client is started so that it asks the gateway: nothing of the user's own settings is changed. */
interface Launch {
  /** Before the user's own arguments. */
  readonly args: readonly string[];
  /** Over the user's own environment; `undefined` takes a variable out. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface CodingClient {
  /** The program, as it stands on the PATH. */
  readonly command: string;
  readonly install: string;
  /** Arguments that name a model. */
  readonly modelFlags: readonly string[];
  launch(access: GatewayAccess): Launch | Promise<Launch>;
}

/** The clients by name; settings as observed of Claude Code 2.1.330, Codex 0.169.0, Gemini CLI 0.61.0 and opencode 1.18.33 (November 2026). */
export const CODING_CLIENTS: Readonly<Record<string, CodingClient>> = {
  claude: {
    command: 'claude',
    install: 'npm install -g @anthropic-ai/claude-code',
    modelFlags: ['--model'],
    launch({ url, key, ownLogin }) {
      const base = { ANTHROPIC_BASE_URL: url, CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1' };
      if (!ownLogin) return { args: [], env: { ...base, ANTHROPIC_AUTH_TOKEN: key, ANTHROPIC_API_KEY: undefined } };
      const others = process.env.ANTHROPIC_CUSTOM_HEADERS;
      const headers = [...(others ? [others] : []), `x-signalbox-key: ${key}`].join('\n');
      return { args: [], env: { ...base, ANTHROPIC_CUSTOM_HEADERS: headers } };
    },
  },
  codex: {
    command: 'codex',
    install: 'npm install -g @openai/codex',
    modelFlags: ['--model', '-m'],
    launch({ url, key, namesModel }) {
      const provider = {
        name: 'Signalbox',
        base_url: `${url}/v1`,
        env_key: 'SIGNALBOX_KEY',
        wire_api: 'responses',
      };
      const settings = [
        'model_provider="signalbox"',
        ...Object.entries(provider).map(
          ([name, value]) => `model_providers.signalbox.${name}=${JSON.stringify(value)}`,
        ),
        // For a model that it doesn't know Codex sends plain tools, which every provider understands.
        ...(namesModel ? [] : ['model="auto"']),
      ];
      return { args: settings.flatMap((setting) => ['-c', setting]), env: { SIGNALBOX_KEY: key } };
    },
  },
  gemini: {
    command: 'gemini',
    install: 'npm install -g @google/gemini-cli',
    modelFlags: ['--model', '-m'],
    launch({ url, key, folder }) {
      // A user who signed in with an account would be asked there otherwise.
      return {
        args: [],
        env: { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: key, GEMINI_CLI_HOME: geminiHome(folder) },
      };
    },
  },
  opencode: {
    command: 'opencode',
    install: 'npm install -g opencode-ai',
    modelFlags: ['--model', '-m'],
    async launch({ url, key, namesModel, models }) {
      const named = await models();
      const provider = {
        npm: '@ai-sdk/openai-compatible',
        name: 'Signalbox',
        options: { baseURL: `${url}/v1`, apiKey: key },
        // By the limits it knows when to shorten a conversation.
        models: Object.fromEntries(named.map(({ name, title, limit }) => [name, { name: title, limit }])),
      };
      const content = { provider: { signalbox: provider }, ...(namesModel ? {} : { model: 'signalbox/auto' }) };
      return { args: [], env: { OPENCODE_CONFIG_CONTENT: JSON.stringify(content) } };
    },
  },
};
