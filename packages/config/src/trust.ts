import { dirname, resolve } from 'node:path';
import { isLoopbackHost } from '@signalbox/core';
import type { ConfigurationEntry } from './entry.ts';
import type { LoadedConfiguration } from './load-configuration.ts';
import { maskSecrets, maskUrl } from './secrets.ts';

/** Something that a project's own file may only do when the user trusts the file. */
export interface UntrustedUse {
  /** Path of the file that says so: a configuration, a `.env`, `router.js`. */
  readonly file: string;
  /** Path of the setting, `providers.openai.endpoint`; `''` for a whole file. */
  readonly path: string;
  /** One clause: `sends requests and keys of "openai" to evil.example`. */
  readonly reason: string;
}

/**
 * What the project's files do that needs trust, whether or not they have it: endpoints that are neither one of the provider's own
 * hosts (`knownHosts`, by provider id) nor loopback, a type that takes another file's key to another provider, third parties'
 * provider packages, a file of its choice for kept answers, commands and hosts that are told of alerts, and `router.js`. Only values that are in
 * effect count. An endpoint counts without a key, too: the prompts go there.
 *
 * A value from a project's `.env` is judged like one in its configuration. The home's files and a `--config` outside of the project are
 * the user's own and not judged. Check each use with `store.isTrusted(use.file, loaded.contentOf(use.file))`; the text of `router.js` is
 * read by whoever runs it.
 */
export function untrustedUses(
  loaded: Pick<LoadedConfiguration, 'entries' | 'projectVariables' | 'projectScript'>,
  knownHosts: Readonly<Record<string, readonly string[]>>,
): readonly UntrustedUse[] {
  const uses: UntrustedUse[] = [];
  for (const entry of loaded.entries) {
    const [section, id = '', field] = entry.goal;
    const told =
      section === 'budget' && id === 'notify'
        ? judgeAlertTarget(field, entry.value)
        : section === 'costTracking' && id === 'keepMs'
          ? 'forgets what your ledger holds of all projects'
          : section === 'chat' && id === 'retentionMs'
            ? 'forgets conversations that you kept'
            : section === 'hooks'
              ? judgeHook(id, entry.value)
              : section === 'gateway' && id === 'jwt'
                ? 'says whose tokens open your gateway'
                : undefined;
    if (section === 'hooks' && id === 'module' && entry.source.kind === 'file' && entry.source.scope === 'project') {
      const file = resolve(dirname(entry.source.file), String(entry.value));
      uses.push({ file, path: '', reason: 'runs its code on every request and answer' });
    }
    if (told === undefined && typeof entry.value !== 'string') continue;
    const value = String(entry.value);
    if (section === 'caching' && id === 'file') {
      const reason = `writes the answers that you get into ${value}`;
      for (const file of projectFiles(entry, loaded.projectVariables))
        uses.push({ file, path: 'caching.file', reason });
    }
    if (told === undefined && section !== 'providers') continue;
    const reason =
      told !== undefined
        ? told
        : field === 'endpoint'
          ? judgeEndpoint(id, value, Object.hasOwn(knownHosts, id) ? (knownHosts[id] ?? []) : [])
          : field === 'package'
            ? `runs the code of the package "${maskUrl(value)}" as provider "${id}"`
            : field === 'type' && entry.value !== id && hasForeignSecret(loaded.entries, id)
              ? `sends the key of "${id}" to another provider, "${maskUrl(value)}"`
              : undefined;
    if (reason === undefined) continue;
    for (const file of projectFiles(entry, loaded.projectVariables)) {
      uses.push({ file, path: entry.written.join('.'), reason });
    }
  }
  if (loaded.projectScript !== undefined) {
    uses.push({ file: loaded.projectScript, path: '', reason: 'runs its code to choose models' });
  }
  return uses;
}

/** What is told of alerts of budgets: a program, or a host that learns what is spent. */
function judgeAlertTarget(field: string | undefined, value: unknown): string | undefined {
  if (field === 'command' && Array.isArray(value))
    return `runs the command "${maskSecrets(value.join(' '))}" for alerts`;
  if (field !== 'webhook' || typeof value !== 'string') return undefined;
  const host = bareHost(new URL(value).hostname);
  return isLoopbackHost(host) ? undefined : `tells ${host} what is spent`;
}

/** A project's file goes before the home's: it could switch off what its user wants to be taken out. */
function judgeHook(field: string, value: unknown): string {
  return field === 'module'
    ? `runs the code of ${maskSecrets(String(value))} on every request and answer`
    : 'decides what is taken out of requests and answers';
}

/** Whether a key or headers of a provider come from elsewhere than the project's files. */
function hasForeignSecret(entries: readonly ConfigurationEntry[], id: string): boolean {
  return entries.some(({ goal, value, source }) => {
    const secret = goal[0] === 'providers' && goal[1] === id && SECRETS.has(goal[2] ?? '');
    return secret && value !== undefined && !(source.kind === 'file' && source.scope === 'project');
  });
}

const SECRETS: ReadonlySet<string> = new Set(['apiKey', 'apiKeys', 'headers']);

function judgeEndpoint(id: string, endpoint: string, knownHosts: readonly string[]): string | undefined {
  const url = new URL(endpoint);
  const host = bareHost(url.hostname);
  if (isLoopbackHost(host)) return undefined;
  const known = knownHosts.some((one) => bareHost(one.toLowerCase()) === host);
  if (known && url.protocol === 'https:') return undefined;
  return `sends requests and keys of "${id}" to ${host}${known ? ' without encryption' : ''}`;
}

/** The project's files that have a say in a value: the file itself, and `.env` files whose variables are in it. */
function projectFiles(entry: ConfigurationEntry, projectVariables: ReadonlyMap<string, string>): readonly string[] {
  if (entry.source.kind !== 'file') return [];
  const files = new Set(entry.source.scope === 'project' ? [entry.source.file] : []);
  for (const variable of entry.source.variables ?? []) {
    const file = projectVariables.get(variable);
    if (file !== undefined) files.add(file);
  }
  return [...files];
}

function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
