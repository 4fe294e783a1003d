import { isLoopbackHost } from '@signalbox/core';

/** RFC 1918, link-local, carrier-grade NAT (which overlay networks use), IPv6 unique local and link-local. */
const PRIVATE_ADDRESS =
  /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|\[f[cd]|\[fe[89ab])/i;
/** Names that no public name server knows. */
const PRIVATE_NAME = /^[^.[\]]+$|\.(local|lan|home|internal|intranet|home\.arpa|svc\.cluster\.local)\.?$/i;

/** Whether a URL leads to this machine or to the network that it stands in; `false` for what is no URL. */
export function isOwnNetwork(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  if (isLoopbackHost(hostname)) return true;
  if (/^\d+(\.\d+){3}$/.test(hostname) || hostname.startsWith('[')) return PRIVATE_ADDRESS.test(hostname);
  return PRIVATE_NAME.test(hostname);
}
