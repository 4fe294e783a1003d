import { isLoopbackUrl } from '@signalbox/core';
import { change, providerIn } from './draft.ts';
import type { Draft, DraftProvider, KnownProvider } from './imported.ts';

/** A foreign provider's place: what it is called here, what kind of server it is, and where. */
export interface Placement {
  readonly type?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly known?: KnownProvider | undefined;
}

/** Paths that other programs put behind the base address. */
const CALL_PATHS = /\/(?:chat\/completions|completions|responses|messages|models|api\/chat|api\/generate)\/*$/;

/** Other hosts of vendors that we know. */
const MORE_HOSTS: Readonly<Record<string, string>> = {
  'dashscope.aliyuncs.com': 'qwen',
  'dashscope-us.aliyuncs.com': 'qwen',
  'api.moonshot.cn': 'moonshot',
  'open.bigmodel.cn': 'zai',
  'api.together.ai': 'together',
};

/** What kind of server speaks a format, where nobody knows the host. */
export type Format = 'openai-compatible' | 'anthropic-compatible' | 'gemini-compatible' | 'ollama';

/** A base address without the path of a single call; undefined where it is none. */
function baseOf(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.pathname = url.pathname.replace(CALL_PATHS, '').replace(/\/+$/, '');
  return url;
}

/** Where another program's file says that a provider is. */
export interface ForeignAddress {
  /** What the provider would be called here. */
  readonly name: string;
  readonly address: string;
  /** What is spoken there, should nobody know the host. */
  readonly format: Format;
}

/**
 * Finds what stands behind an address. A host of a known vendor is that vendor, at the usual path without an endpoint of its own; any other is
 * a server of its format.
 */
export function placeAddress(draft: Draft, { name, address, format }: ForeignAddress, path: string): Placement {
  const { known } = draft;
  const base = baseOf(address);
  if (base === undefined) {
    const own = known.find((one) => one.name === name);
    return own === undefined ? { type: format } : { known: own };
  }
  const vendor = known.find(
    (one) => one.endpoint !== '' && new URL(one.endpoint).host === base.host && !isLoopbackUrl(one.endpoint),
  );
  const other = known.find((one) => one.name === MORE_HOSTS[base.host]);
  const local = isLoopbackUrl(base.href) ? localServer(name, base, known) : undefined;
  const found = vendor ?? other ?? local;
  if (found !== undefined) {
    const usual = found.endpoint === '' ? undefined : new URL(found.endpoint);
    const isUsual = usual?.host === base.host && isOrdinaryPath(base.pathname, usual.pathname);
    const atUsual = found.local ? new URL(base.origin).href.replace(/\/$/, '') : withoutSlash(base.href);
    return {
      type: found.name === name ? undefined : found.name,
      endpoint: isUsual ? undefined : atUsual,
      known: found,
    };
  }
  if (format === 'openai-compatible' && !/\/v\d+\w*$/.test(base.pathname) && base.pathname !== '') {
    change(draft, path, `the address is taken as ${withoutSlash(base.href)}, and /v1 comes behind it`);
  }
  const itself = known.find((one) => one.name === name && !VENDORS_OF_FORMATS.has(name));
  return { type: itself === undefined ? format : undefined, endpoint: withoutSlash(base.href), known: itself };
}

/** Whoever gave a format its name: at another host somebody else speaks it. */
const VENDORS_OF_FORMATS: ReadonlySet<string> = new Set(['openai', 'anthropic', 'google', 'local', 'ollama']);

/** Servers that are known by the port they usually listen on. */
function localServer(name: string, base: URL, known: readonly KnownProvider[]): KnownProvider | undefined {
  const servers = known.filter((one) => one.local && one.endpoint !== '' && new URL(one.endpoint).port === base.port);
  return servers.find((one) => one.name === name) ?? servers[0];
}

/** The vendor's own path, with or without a version behind it. */
function isOrdinaryPath(path: string, usual: string): boolean {
  const rest = path.startsWith(withoutSlash(usual)) ? path.slice(withoutSlash(usual).length) : path;
  return /^(?:\/(?:v1|v1beta|api|paas\/v4))?\/?$/.test(rest);
}

const withoutSlash = (text: string) => text.replace(/\/+$/, '');

/** Writes a placement into the draft's provider. */
export function settle(provider: DraftProvider, { type, endpoint }: Placement): void {
  if (type !== undefined) provider.type = type;
  if (endpoint !== undefined) provider.endpoint = endpoint;
}

/** The draft's provider of a kind at a place: one for each address, a further one of the name with a number. */
export function providerAt(draft: Draft, wanted: string, kind: string, place: Placement): DraftProvider {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    const there = draft.providers.get(name);
    if (there !== undefined && there.endpoint !== place.endpoint) continue;
    const provider = providerIn(draft, name);
    settle(provider, { ...place, type: name === kind ? undefined : kind });
    return provider;
  }
}

/** A name that may stand under `providers`: letters, digits, `-` and `_`. A dot or a slash would part it from a model's. */
export function providerName(foreign: string): string {
  const name = foreign
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'provider' : name;
}
