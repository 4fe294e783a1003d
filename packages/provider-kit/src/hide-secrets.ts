/** Shorter values are no keys, and would be found in any text. */
const SHORTEST = 8;
const HIDDEN = '<hidden>';

/**
 * A provider's error answer without what we sent it as credentials: some quote a key that they refuse, and their words reach callers, logs and other providers' users.
 */
export function hideSecrets(body: Uint8Array, headers: Readonly<Record<string, string>>): Uint8Array {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const secrets = Object.values(headers)
    .map((value) => value.replace(/^(bearer|basic) +/i, ''))
    .filter((secret) => secret.length >= SHORTEST && bytes.includes(secret));
  if (secrets.length === 0) return body;
  return Buffer.from(secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), bytes.toString('utf8')));
}
