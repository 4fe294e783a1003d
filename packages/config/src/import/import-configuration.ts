import { asObject, type JsonObject, RouterError } from '@signalbox/core';
import { parse as parseYaml } from 'yaml';
import { ConfigurationError } from '../configuration-error.ts';
import { parseConfiguration } from '../parse-configuration.ts';
import { fromClaudeCodeRouter } from './claude-code-router.ts';
import type { Draft, ImportNote, ImportSource, KnownProvider } from './imported.ts';
import { fromLitellm } from './litellm.ts';
import { fromPortkey } from './portkey.ts';
import { renderDraft } from './render-draft.ts';

/** How another program's configuration is read. */
export interface ImportOptions {
  /** Whose configuration it is; default: what its keys look like. */
  readonly from?: ImportSource | undefined;
  /** The file's name, for messages and the title of the result. */
  readonly file: string;
  /** The providers that can be named in the result. */
  readonly providers: readonly KnownProvider[];
}

/** What another program's configuration comes to here. */
export interface ImportedConfiguration {
  readonly from: ImportSource;
  /** A configuration of ours, as YAML with remarks; it parses. Holds no key. */
  readonly text: string;
  /** What has no equal, in the order of the file. */
  readonly notes: readonly ImportNote[];
  /** Variables that the result reads keys and headers from. */
  readonly variables: readonly string[];
  /** Keys that stood in the foreign file, by the variable that should hold each. Never to be shown. */
  readonly secrets: ReadonlyMap<string, string>;
}

const READERS: Readonly<Record<ImportSource, (file: JsonObject, known: readonly KnownProvider[]) => Draft>> = {
  'claude-code-router': fromClaudeCodeRouter,
  litellm: fromLitellm,
  portkey: fromPortkey,
};

const TITLES: Readonly<Record<ImportSource, string>> = {
  'claude-code-router': 'claude-code-router',
  litellm: 'LiteLLM',
  portkey: 'Portkey',
};

/**
 * Converts a configuration of claude-code-router (config.json), LiteLLM's proxy (config.yaml) or Portkey (a config object). What could not be carried
 * over is listed, key by key. Pure. Throws RouterError `usage` on text that is none of the three, or that holds nothing to call.
 *
 * @example
 * ```ts
 * const { text, notes } = importConfiguration(await readFile('config.yaml', 'utf8'), { file: 'config.yaml', providers });
 * ```
 */
export function importConfiguration(text: string, options: ImportOptions): ImportedConfiguration {
  const { file, providers } = options;
  const content = readText(text, file);
  const from = options.from ?? sourceOf(content);
  if (from === undefined) {
    throw usage(
      `${file} looks like no configuration that can be imported: claude-code-router has "Providers", LiteLLM "model_list", Portkey "targets" or "provider". Say which it is with --from.`,
    );
  }
  const draft = READERS[from](content, providers);
  if (draft.providers.size === 0) {
    const [first] = draft.notes;
    const why = first === undefined ? '' : ` (${first.key}: ${first.reason})`;
    throw usage(`${file} has no provider of ${TITLES[from]} that can be called from here${why}.`);
  }
  const result = renderDraft(draft, ` Imported from ${TITLES[from]}: ${file.replace(/[\r\n]+/g, ' ')}`);
  requireLoads(result, options);
  return { from, text: result, notes: draft.notes, variables: variablesIn(result), secrets: draft.secrets };
}

/** What is written must be what is read: a value that our files can't hold is found here, and not by whoever starts the result. */
function requireLoads(text: string, { file, providers }: ImportOptions): void {
  // Whatever the variables will hold; an address fits wherever one is wanted.
  const env = Object.fromEntries(variablesIn(text).map((name) => [name, 'https://set-later.invalid']));
  try {
    parseConfiguration(text, { file: 'router-config.yml', env, providerNames: providers.map((one) => one.name) });
  } catch (error) {
    if (!ConfigurationError.is(error)) throw error;
    const [issue] = error.issues;
    throw usage(
      `${file} holds a value that can't be carried over: ${issue?.path}: ${issue?.message}. Change it there, then import again.`,
    );
  }
}

function readText(text: string, file: string): JsonObject {
  let content: unknown;
  try {
    // JSON is YAML. Aliases may not multiply themselves.
    content = parseYaml(/^\s*[{/]/.test(text) ? withoutComments(text) : text, {
      maxAliasCount: 100,
      logLevel: 'error',
    });
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : '').split('\n');
    throw usage(`${file} is neither JSON nor YAML: ${line.replace(/:$/, '')}.`);
  }
  const object = asObject(content);
  if (object === undefined) throw usage(`${file} holds no configuration: expected keys and values.`);
  return object;
}

/** JSON without the comments that some programs allow in it. */
function withoutComments(text: string): string {
  return text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, '$1');
}

/** Whose keys these are. */
function sourceOf(content: JsonObject): ImportSource | undefined {
  const has = (...keys: readonly string[]) => keys.some((key) => Object.hasOwn(content, key));
  if (has('model_list', 'litellm_settings')) return 'litellm';
  if (Array.isArray(content.Providers) || (Array.isArray(content.providers) && has('Router')))
    return 'claude-code-router';
  const config = asObject(content.config) ?? content;
  const portkey = ['targets', 'strategy', 'virtual_key', 'virtualKey'].some((key) => Object.hasOwn(config, key));
  return portkey || typeof config.provider === 'string' ? 'portkey' : undefined;
}

function variablesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? ''))];
}

const usage = (message: string) => new RouterError({ kind: 'usage', message });
