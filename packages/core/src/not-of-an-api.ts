import type { WireReply } from './provider.ts';

/** Characters of a page that are searched for its title, and those of the title that are said. */
const SEARCHED = 4_096;
const SAID = 80;

/**
 * The sentence for a reply that no API gives: a web page, a redirect. Something else has answered (a proxy, a firewall, a portal), and whoever looks for the cause has to hear
 * what. `undefined`: it may well be the API's own.
 *
 * @example
 * ```ts
 * notOfAnApi({ status: 502, headers: {} }, '<html><title>502 Bad Gateway</title></html>', 'acme'); // acme answered with a web page, "502 Bad Gateway" …
 * ```
 */
export function notOfAnApi(
  { status, headers }: Pick<WireReply, 'status' | 'headers'>,
  body: string,
  provider: string,
): string | undefined {
  if (status >= 300 && status < 400) {
    const goal = originOf(headers.location);
    const where = goal === undefined ? 'elsewhere' : `to ${goal}`;
    return `${provider} redirects ${where} (HTTP ${status}), which is not followed: is the endpoint right?`;
  }
  const head = body.slice(0, SEARCHED).trimStart();
  if (!/^<(?:!doctype\s+html|html)\b/i.test(head)) return undefined;
  const title = /<title[^>]*>([^<]*)/i.exec(head)?.[1]?.replace(/\s+/g, ' ').trim().slice(0, SAID) ?? '';
  const page = title === '' ? 'a web page' : `a web page, "${title}"`;
  return `${provider} answered with ${page} (HTTP ${status}): not its API, but a proxy or firewall before it, or the endpoint is wrong.`;
}

/** Where an address is, without its path and query: these may hold a secret. */
const originOf = (address = ''): string | undefined => (URL.canParse(address) ? new URL(address).origin : undefined);
