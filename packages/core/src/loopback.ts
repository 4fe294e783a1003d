/**
 * Whether a host name or address, as it stands in a URL (`[::1]` or `::1`), is this machine's own and out of others' reach:
 * 127.0.0.0/8, ::1, localhost and names below it.
 */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Whether a URL leads to this machine; `false` for what is no URL. */
export function isLoopbackUrl(url: string): boolean {
  // URL is a global of every runtime we support, and of no DOM or Node library in particular.
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}
