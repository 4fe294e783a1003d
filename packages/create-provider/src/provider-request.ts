import { PROVIDER_FORMATS, type ProviderFormat } from './provider-formats.ts';
import { type ProviderName, providerName } from './provider-name.ts';

/** What a new provider shall be. */
export interface ProviderRequest {
  readonly name: ProviderName;
  readonly format: ProviderFormat;
  /** Base URL, without the version path. */
  readonly endpoint: string;
}

/** What a user said of a provider to be: unchecked. */
export interface ProviderWords {
  readonly name: string;
  /** Default `openai-chat`. */
  readonly format?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** Reads what was said on a command line; a sentence where something is wrong. */
export function providerRequest(words: ProviderWords): ProviderRequest | { readonly problem: string } {
  const name = providerName(words.name);
  if ('problem' in name) return name;
  const format = PROVIDER_FORMATS.find((one) => one.id === (words.format ?? 'openai-chat'));
  if (format === undefined) {
    const ids = PROVIDER_FORMATS.map((one) => one.id).join(', ');
    return { problem: `There is no format "${words.format?.slice(0, 40)}"; there are ${ids}.` };
  }
  const said = words.endpoint ?? `https://api.${name.id}.example`;
  const url = URL.canParse(said) ? new URL(said) : undefined;
  // What is no plain path would have to be escaped in code and comments, and is no base address either.
  const plain = url !== undefined && /^https?:\/\/[\w.:[\]-]+[\w./~-]*$/.test(url.href);
  if (!plain) {
    return { problem: 'The endpoint is not an http(s) address such as https://api.acme.example.' };
  }
  const path = url.pathname.replace(/\/+$/, '');
  const { versionPath } = format;
  const base = versionPath !== '' && path.endsWith(versionPath) ? path.slice(0, -versionPath.length) : path;
  return { name, format, endpoint: `${url.origin}${base}` };
}
