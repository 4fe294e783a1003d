/**
 * Why this program can not run on a version of Node, in a sentence; undefined: it can. npm only warns of it at installation.
 *
 * @param running as `process.versions.node`: `20.20.2`
 * @param required as `engines.node` of the package: `>=22.19`
 */
export function whyNotNode(running: string, required: string): string | undefined {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = required.replace('>=', '').split('.').map(Number);
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return `signalbox needs Node ${leastMajor}.${leastMinor} or newer, and this is Node ${running}: install a newer one from https://nodejs.org.`;
}
