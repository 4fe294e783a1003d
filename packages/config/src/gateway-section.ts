import { isLoopbackHost } from '@signalbox/core';
import * as z from 'zod';
import { text, wait } from './leaf-schemas.ts';

const origin = z.string().refine(isOrigin, { error: 'expected an origin such as https://app.example.com' });

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

const trustedUrl = z
  .string()
  .refine(isTrustedUrl, { error: 'expected an address that begins with https://', abort: true })
  // Nobody can ask such an address: fetch refuses it, so no token would ever open the gateway.
  .refine(holdsNoLogin, { error: 'expected an address without a name and password in it' });

function isTrustedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

function holdsNoLogin(text: string): boolean {
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

const claims = z
  .strictObject({
    user: text.optional().describe('Whose requests these are. Default sub.'),
    tenant: text.optional().describe('Whose kept answers and reasoning are shared. Default the user.'),
    tags: text.optional().describe('Tags for each request: a list, or words.'),
    models: text.optional().describe('Names of models that may be used; a token without it may use none.'),
    budget_daily: text.optional().describe('Dollars a day.'),
    budget_monthly: text.optional().describe('Dollars a month.'),
    rpm: text.optional().describe('Requests a minute.'),
  })
  .describe('Names of claims, or paths such as realm_access.roles.');

const jwtSection = z
  .strictObject({
    issuer: text.describe('What iss must be.'),
    audience: z
      .union([text, z.array(text).min(1, { error: 'expected one name at least' })], {
        error: 'expected text, or a list of texts',
      })
      .describe('What aud must be, or one of it.'),
    jwks: trustedUrl.describe("The address of the issuer's public keys."),
    clock_tolerance: wait.optional().describe('How far clocks may be apart. Default 30s.'),
    claims: claims.optional(),
  })
  .describe('Lets in who shows a JSON Web Token of an identity provider.');

export const gatewaySection = z
  .strictObject({
    count_tokens: z
      .enum(['estimate', 'exact'])
      .optional()
      .describe('Where a provider counts no tokens: estimate them (marked), or answer 501 (exact). Default estimate.'),
    mode: z
      .enum(['quality', 'balanced', 'speed'])
      .optional()
      .describe('Routed requests get the model and sampling of quality_mode, balanced_mode or speed_mode.'),
    cors_origins: z
      .array(origin)
      .optional()
      .describe('Origins of web pages that may call the gateway, with a key. Default none.'),
    jwt: jwtSection.optional(),
  })
  .describe('The gateway for other programs.');
